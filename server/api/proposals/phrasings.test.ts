import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Change, ProposedChanges } from '#engine/graph/changes/change.js';
import type { Definition } from '#engine/graph/definition.js';
import { editGraph } from '#engine/models/sandbox/editGraph.js';
import { publicNodes } from '#nodes/registry.js';
import type { Locale } from '#nodes/sdk/text.js';
import { graphOf } from './ask.js';

const { definition } = JSON.parse(readFileSync('templates/customer-service/template.json', 'utf8')) as {
  definition: Definition;
};
const graphs = {
  'pt-BR': graphOf(definition, publicNodes(), 'pt-BR'),
  en: graphOf(definition, publicNodes(), 'en'),
};
const ask = (request: string, locale: Locale): ProposedChanges =>
  editGraph({
    role: 'reason',
    task: 'edit',
    instructions: '',
    material: { graph: graphs[locale] },
    messages: [{ role: 'user', content: request }],
    locale,
  }) as unknown as ProposedChanges;

/** A change in one line: `move remember before=send`. */
function inShort(change: Change): string {
  const sets = 'settings' in change ? change.settings.map(({ field, value }) => ` ${field}=${value}`).join('') : '';
  const place =
    'after' in change
      ? Object.entries({ after: change.after, way: change.way, before: change.before })
          .map(([name, value]) => (value === null ? '' : ` ${name}=${value}`))
          .join('')
      : '';
  switch (change.do) {
    case 'add':
      return `add ${change.type}${sets}${place}`;
    case 'rename':
      return `rename ${change.step}=${change.title}`;
    case 'swap':
      return `swap ${change.step} ${change.with}`;
    case 'errors':
      return `errors ${change.step}=${change.how}`;
    case 'connect':
    case 'disconnect':
      return `${change.do} ${change.from}${change.way === null ? '' : `.${change.way}`}>${change.to}`;
    default:
      return `${change.do} ${change.step}${sets}${place}`;
  }
}

/** As people write who bake, and who build; `null`: more than the sandbox understands, and it says so. */
const portuguese: readonly (readonly [request: string, changes: string | null])[] = [
  ['coloca uma espera de 5 minutos antes de Manda a resposta', 'add logic.delay amount=5 unit="minutes" before=send'],
  ['quero que espere 1 hora depois de Lembra quem é', 'add logic.delay amount=1 unit="hours" after=who'],
  ['tira o Guarda na memória', 'remove remember'],
  ['apaga esse passo de avisar que não lê', 'remove unreadable'],
  ['passa o Sente o clima pra depois do Vê se é caso de gente', 'move mood after=escalation'],
  ['põe Guarda na memória antes de Vê se é caso de gente', 'move remember before=escalation'],
  ['muda Guarda na memória pra antes de Manda a resposta', 'move remember before=send'],
  ['coloca o Sente o clima entre Lembra quem é e Vê se é caso de gente', 'move mood after=who before=escalation'],
  ['troca Sente o clima e Guarda na memória de lugar', 'swap mood remember'],
  ['inverte a ordem de Sente o clima e Guarda na memória', 'swap mood remember'],
  ['faz uma cópia do Avisa que deu problema', 'duplicate trouble'],
  ['duplica Sente o clima', 'duplicate mood'],
  ['duplica o Guarda na memória e põe a cópia antes de Manda a resposta', 'duplicate remember before=send'],
  ['muda o nome de Sente o clima pra Humor', 'rename mood=Humor'],
  ['chama o Manda a resposta de Responde', 'rename send=Responde'],
  ['o passo Sente o clima passa a se chamar Humor', 'rename mood=Humor'],
  ['no Diz que não tem aqui escreve "Vou perguntar pra dona"', 'set offer text="Vou perguntar pra dona"'],
  [
    'troca a mensagem do Avisa que deu problema por "Deu ruim aqui, já volto"',
    'set trouble text="Deu ruim aqui, já volto"',
  ],
  ['faz o Avisa que deu problema dizer "Já volto"', 'set trouble text="Já volto"'],
  ['pergunta "Qual o sabor?" antes de Manda a resposta', 'add human.ask question="Qual o sabor?" before=send'],
  ['manda "Obrigada!" depois do Manda a resposta', 'add channel.send text="Obrigada!" after=send'],
  ['chama uma pessoa depois de Diz que não tem aqui', 'add human.handoff after=offer'],
  [
    'se der erro no Guarda na memória, vai pro Avisa que deu problema',
    'errors remember=route, connect remember.error>trouble',
  ],
  ['quando o cliente tá mal no Sente o clima, passa pra uma pessoa', 'connect mood.negative>handoff'],
  ['quando for pedido, manda direto pro Passa pra uma pessoa', 'connect understand.order>handoff'],
  ['liga a saída Tá mal do Sente o clima em Passa pra uma pessoa', 'connect mood.negative>handoff'],
  ['desliga Lembra quem é de Sente o clima', 'disconnect who>mood'],
  ['tira o Sente o clima e o Guarda na memória', 'remove mood, remove remember'],
  [
    'avisa "Recebi, já te respondo" logo depois que chega a mensagem',
    'add channel.send text="Recebi, já te respondo" after=message',
  ],
  ['bota um "Espera um tempo" no começo', 'add logic.delay after=message'],
  ['deixa as respostas mais simpáticas', null],
  ['quero vender mais bolo', null],
  ['mova "remember" para antes de "send"', 'move remember before=send'],
  ['mover Guarda na memória para depois de Entende o que quer', 'move remember after=understand'],
  [
    'inserir um nó HTTP entre Busca no que a casa sabe e Responde com fonte',
    'add data.httpRequest after=search before=answer',
  ],
  ['adicione um nó de condição após Lembra quem é', 'add logic.if after=who'],
  ['clone o nó Responde com fonte', 'duplicate answer'],
  ['delete o nó unreadable', 'remove unreadable'],
  ['conecte a saída "Se der erro" de Responde com fonte ao Avisa que deu problema', 'connect answer.error>trouble'],
  ['conecte mood pela saída negative a handoff', 'connect mood.negative>handoff'],
  ['desconecte a saída media de message de unreadable', 'disconnect message.media>unreadable'],
  ['defina o campo history de mood como 8', 'set mood history=8'],
  ['altere Histórico do Sente o clima para 6', 'set mood history=6'],
  ['ative Notar a língua em Guarda na memória', 'set remember noteLanguage=true'],
  ['desative Notar a língua no Lembra quem é', 'set who noteLanguage=false'],
  ['substitua Sente o clima por um Espera um tempo', 'add logic.delay after=mood, remove mood'],
  ['renomear escalation para Triagem', 'rename escalation=Triagem'],
  ['troque as posições de Sente o clima e Vê se é caso de gente', 'swap mood escalation'],
  ['em Responde com fonte, mude as instruções para "Seja breve"', 'set answer instructions="Seja breve"'],
  ['refatore o fluxo para usar RAG com reranking', null],
  ['Antes de Manda a resposta, espera 2 minutos', 'add logic.delay amount=2 unit="minutes" before=send'],
  ['depois do Lembra quem é coloca uma pergunta "Qual seu nome?"', 'add human.ask question="Qual seu nome?" after=who'],
  ['queria que o Sente o clima ficasse depois do Vê se é caso de gente', 'move mood after=escalation'],
  ['joga o Guarda na memória pro final', null],
  ['sobe o Guarda na memória pra antes do Sente o clima', 'move remember before=mood'],
  ['não quero mais o Sente o clima', 'remove mood'],
  ['pode apagar o Guarda na memória', 'remove remember'],
  ['Apaga o Guarda na memória por favor', 'remove remember'],
  ['Por favor remova o passo Guarda na memória', 'remove remember'],
  ['repete o Avisa que deu problema depois do Manda a resposta', 'duplicate trouble after=send'],
  ['o nome do Manda a resposta vai ser Responde o cliente', 'rename send=Responde o cliente'],
  ['troca o nome do Sente o clima para Termômetro', 'rename mood=Termômetro'],
  ['o texto do Avisa que deu problema tem que ser "Já volto"', 'set trouble text="Já volto"'],
  ['se for problema vai pra Avisa que deu problema', 'connect understand.complaint>trouble'],
  ['se o Sente o clima falhar, vai pra uma pessoa', 'errors mood=route, connect mood.error>handoff'],
  ['liga o Guarda na memória com o Manda a resposta', 'connect remember>send'],
  ['bota o Guarda na memória logo depois do Entende o que quer', 'move remember after=understand'],
  ['adicione "Manda mensagem" depois de Guarda na memória', 'add channel.send after=remember'],
  ['mande uma mensagem "Oi" depois de Guarda na memória', 'add channel.send text="Oi" after=remember'],
  ['aumente o histórico do Sente o clima para 10', 'set mood history=10'],
  ['Mova o nó understand para depois do nó remember', 'move understand after=remember'],
  ['duplicar nó answer e conectar em send', null],
];
const english: typeof portuguese = [
  ['put a 5 minute wait before Manda a resposta', 'add logic.delay amount=5 unit="minutes" before=send'],
  ['wait an hour after Lembra quem é', 'add logic.delay amount=1 unit="hours" after=who'],
  ['take out Guarda na memória', 'remove remember'],
  ['get rid of the Avisa que não lê isso step', 'remove unreadable'],
  ['move Sente o clima after Vê se é caso de gente', 'move mood after=escalation'],
  ['put Guarda na memória before Vê se é caso de gente', 'move remember before=escalation'],
  ['move Guarda na memória to just before Manda a resposta', 'move remember before=send'],
  ['place Sente o clima between Lembra quem é and Vê se é caso de gente', 'move mood after=who before=escalation'],
  ['swap Sente o clima and Guarda na memória', 'swap mood remember'],
  ['switch the order of Sente o clima and Guarda na memória', 'swap mood remember'],
  ['make a copy of Avisa que deu problema', 'duplicate trouble'],
  ['duplicate Sente o clima', 'duplicate mood'],
  ['copy Guarda na memória and put the copy before Manda a resposta', 'duplicate remember before=send'],
  ['change the name of Sente o clima to Mood', 'rename mood=Mood'],
  ['call Manda a resposta "Reply"', 'rename send=Reply'],
  ['Sente o clima should be called Mood', 'rename mood=Mood'],
  ['in Diz que não tem aqui write "Let me ask the owner"', 'set offer text="Let me ask the owner"'],
  ['change the message of Avisa que deu problema to "Back in a minute"', 'set trouble text="Back in a minute"'],
  ['make Avisa que deu problema say "Back in a minute"', 'set trouble text="Back in a minute"'],
  ['ask "Which flavour?" before Manda a resposta', 'add human.ask question="Which flavour?" before=send'],
  ['send "Thank you!" after Manda a resposta', 'add channel.send text="Thank you!" after=send'],
  ['hand over to a person after Diz que não tem aqui', 'add human.handoff after=offer'],
  ['if Guarda na memória fails, go to Avisa que deu problema', 'errors remember=route, connect remember.error>trouble'],
  ['when Sente o clima is unhappy, go to Passa pra uma pessoa', 'connect mood.negative>handoff'],
  ['connect the Unhappy way of Sente o clima to Passa pra uma pessoa', 'connect mood.negative>handoff'],
  ['disconnect Lembra quem é from Sente o clima', 'disconnect who>mood'],
  ['remove Sente o clima and Guarda na memória', 'remove mood, remove remember'],
  [
    'say "Got it, one moment" right after the message arrives',
    'add channel.send text="Got it, one moment" after=message',
  ],
  ['add a delay at the beginning', 'add logic.delay after=message'],
  ['make it friendlier', null],
  ['sell more cake', null],
  ['move "remember" before "send"', 'move remember before=send'],
  ['move remember to after understand', 'move remember after=understand'],
  ['insert an HTTP node between search and answer', 'add data.httpRequest after=search before=answer'],
  ['add a condition after who', 'add logic.if after=who'],
  ['clone the answer node', 'duplicate answer'],
  ['delete node unreadable', 'remove unreadable'],
  ['connect the error output of answer to trouble', 'connect answer.error>trouble'],
  ['connect mood to handoff on negative', 'connect mood.negative>handoff'],
  ['connect mood.negative to handoff', 'connect mood.negative>handoff'],
  ['disconnect message from unreadable', 'disconnect message>unreadable'],
  ['set history of mood to 8', 'set mood history=8'],
  ["set mood's history to 6", 'set mood history=6'],
  ['turn on noteLanguage in remember', 'set remember noteLanguage=true'],
  ['disable noteLanguage on who', 'set who noteLanguage=false'],
  ['replace mood with a delay', 'add logic.delay after=mood, remove mood'],
  ['rename escalation to Triage', 'rename escalation=Triage'],
  ['swap the positions of mood and escalation', 'swap mood escalation'],
  ['in answer, set instructions to "Be brief"', 'set answer instructions="Be brief"'],
  ['refactor the flow to use RAG with reranking', null],
  ['Before Manda a resposta, wait 2 minutes', 'add logic.delay amount=2 unit="minutes" before=send'],
  ['after Lembra quem é add a question "What is your name?"', 'add human.ask question="What is your name?" after=who'],
  ["I don't want Sente o clima any more", 'remove mood'],
  ['I want Sente o clima to come after Vê se é caso de gente', 'move mood after=escalation'],
  ['please remove Guarda na memória', 'remove remember'],
  ['delete the "Guarda na memória" node please', 'remove remember'],
  ['repeat Avisa que deu problema after Manda a resposta', 'duplicate trouble after=send'],
  ['rename the Manda a resposta step to Reply', 'rename send=Reply'],
  ['Avisa que deu problema should say "Back soon"', 'set trouble text="Back soon"'],
  ['the text of Avisa que deu problema must be "Back soon"', 'set trouble text="Back soon"'],
  ['when Sente o clima fails go to a person', 'errors mood=route, connect mood.error>handoff'],
  ['on error in mood go to trouble', 'errors mood=route, connect mood.error>trouble'],
  ['link remember with send', 'connect remember>send'],
  ['move the remember node right after understand', 'move remember after=understand'],
  ['add "Send message" after remember', 'add channel.send after=remember'],
  ['send a message "Hi" after remember', 'add channel.send text="Hi" after=remember'],
  ['change the history of mood to 10', 'set mood history=10'],
  ['increase history in mood to 10', 'set mood history=10'],
  ['exchange mood with escalation', 'swap mood escalation'],
  ['reorder: escalation first, then mood', null],
  ['insert Delay between search and answer', 'add logic.delay after=search before=answer'],
  [
    'insert a 30 second delay between search and answer',
    'add logic.delay amount=30 unit="seconds" after=search before=answer',
  ],
  ['unlink who from mood', 'disconnect who>mood'],
];

describe('a request in words, without a model', () => {
  it.each([
    ...portuguese.map(([request, changes]) => ['pt-BR', request, changes] as const),
    ...english.map(([request, changes]) => ['en', request, changes] as const),
  ])('%s: %s', (locale, request, changes) => {
    const answer = ask(request, locale);
    expect(answer.cannot === null ? answer.changes.map(inShort).join(', ') : null).toBe(changes);
    // Whoever reads it is told what happens, or what would be understood.
    if (changes !== null) expect(answer.summary).toMatch(/[.]$/);
    else expect(answer.cannot).toMatch(/"(?:mova|move) |mais de um fim/);
  });

  it('is read in no time, however it is written', () => {
    const pieces = [
      'a de ',
      'a e ',
      'mude a de b por ',
      'ligue a em ',
      'entre a e ',
      '"a" ',
      'if a go to ',
      "a's b to ",
    ];
    const before = process.cpuUsage();
    for (const piece of pieces) ask(piece.repeat(400), 'pt-BR');
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(4_000);
  });
});
