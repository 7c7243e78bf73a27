import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Definition } from '#engine/graph/definition.js';
import { graph } from '#engine/graph/testing/graph.js';
import { asker, changesOf, customerService } from '#tests/support/requestsInWords.js';

const titled = (definition: Definition, titles: Readonly<Record<string, string>>): Definition => ({
  ...definition,
  nodes: definition.nodes.map((node) => ({ ...node, title: titles[node.id] ?? node.id })),
});
const orders = graph()
  .node('start', 'trigger.schedule', { cron: '0 8 * * *' })
  .node('fetch', 'data.httpRequest', { url: 'https://padaria.example/pedidos' })
  .node('each', 'logic.forEach', { items: '{{ [] }}' })
  .node('check', 'logic.if', { condition: '{{ true }}' }, { parentId: 'each' })
  .node('nudge', 'channel.send', { text: 'Oi' }, { parentId: 'each' })
  .node('pause', 'logic.delay', { amount: 10, unit: 'minutes' })
  .node('confirm', 'human.ask', { question: 'Chegou?' })
  .node('thanks', 'channel.send', { text: 'Obrigada' })
  .edges(
    'start>fetch',
    'fetch.ok>each',
    'each.done>pause',
    'pause>confirm',
    'confirm.answered>thanks',
    'check.yes>nudge',
  )
  .build();
const purchases = graph()
  .node('n1', 'trigger.whatsapp')
  .node('n2', 'agent.whatsapp', {
    intents: [
      { name: 'buy', title: 'compra', description: 'Quer comprar' },
      { name: 'help', title: 'ajuda', description: 'Quer ajuda' },
    ],
  })
  .node('n3', 'logic.if', { condition: '{{ true }}' })
  .node('n4', 'data.httpRequest', { url: 'https://padaria.example/clientes' })
  .node('n5', 'channel.send', { text: 'Oi' })
  .node('n6', 'human.ask', { question: 'Nota?' })
  .node('n7', 'logic.delay', { amount: 1, unit: 'days' })
  .edges('n1.message>n2', 'n2.buy>n3', 'n3.yes>n4', 'n4.ok>n5', 'n5>n7', 'n7>n6')
  .build();
const departments = {
  // Names of one word, some of which are verbs; and none but those of the kinds of steps.
  'pt-BR compras': asker(
    titled(purchases, {
      n1: 'Início',
      n2: 'Classifica',
      n3: 'VIP?',
      n4: 'CRM',
      n5: 'Responde',
      n6: 'Pesquisa',
      n7: 'Espera',
    }),
    'pt-BR',
  ),
  'en purchases': asker(
    titled(purchases, { n1: 'Start', n2: 'Classify', n3: 'VIP?', n4: 'CRM', n5: 'Reply', n6: 'Survey', n7: 'Wait' }),
    'en',
  ),
  'pt-BR sem nomes': asker(purchases, 'pt-BR'),
  'en unnamed': asker(purchases, 'en'),
  'pt-BR atendimento': asker(customerService, 'pt-BR'),
  'pt-BR pedidos': asker(
    titled(orders, {
      start: 'Todo dia às 8',
      fetch: 'Puxa os pedidos',
      each: 'Pra cada pedido',
      check: 'Tá atrasado?',
      nudge: 'Avisa o cliente',
      pause: 'Espera um pouco',
      confirm: 'Pergunta se chegou',
      thanks: 'Agradece',
    }),
    'pt-BR',
  ),
  'en service': asker(
    titled(customerService, {
      message: 'Message arrives',
      unreadable: "Say we can't read that",
      who: 'Remember who it is',
      mood: 'Sense the mood',
      remember: 'Save to memory',
      escalation: 'Check if a person is needed',
      understand: 'Understand the request',
      handoff: 'Hand over to a person',
      search: 'Search the handbook',
      answer: 'Answer with sources',
      send: 'Send the answer',
      offer: "Say we don't know",
      trouble: 'Apologize for the trouble',
    }),
    'en',
  ),
  'en orders': asker(
    titled(orders, {
      start: 'Every morning',
      fetch: 'Fetch orders',
      each: 'For each order',
      check: 'Is it late?',
      nudge: 'Nudge the customer',
      pause: 'Short break',
      confirm: 'Ask if it arrived',
      thanks: 'Say thanks',
    }),
    'en',
  ),
};
type Department = keyof typeof departments;

/** `request ⇒ changes`, or `refused`: more than is understood without a model, and nothing is done. */
const rows = readFileSync(join(import.meta.dirname, 'typedRequests.txt'), 'utf8')
  .split('# ')
  .slice(1)
  .flatMap((section) => {
    const [department = '', ...lines] = section.trim().split('\n');
    return lines.map((line) => {
      const [request = '', changes = ''] = line.split(' ⇒ ');
      return { department: department as Department, request, changes: changes === 'refused' ? null : changes };
    });
  });

/** What makes another request of a plain one, before it and behind it. */
const provisos = {
  pt: {
    before: ['não', 'talvez', 'nunca', 'acho que não', 'evita', 'o cliente disse', 'se chover', 'ontem eu'],
    behind: ['só pra cliente novo', 'se chover', 'mas não agora', 'menos na sexta', 'quando o cliente pedir', 'não'],
  },
  en: {
    before: ['do not', 'maybe', 'never', 'avoid', 'unless asked', 'the customer said', 'if it rains', 'yesterday I'],
    behind: ['only for new customers', "if it's raining", 'but not now', 'except on fridays', 'when asked to', 'not'],
  },
};

describe('requests as they are typed', () => {
  it.each(rows)('$department: $request', ({ department, request, changes }) => {
    const answer = departments[department](request);
    expect(changesOf(answer)).toBe(changes);
    expect(changes === null ? answer.cannot : answer.summary).toMatch(/\S{2}.*[.?]$/s);
  });

  // What is called so, or said so, may be any words.
  it.each(rows.filter(({ changes }) => changes !== null && !/^(?:rename|set)|, rename/.test(changes)))(
    'nothing is done for a part of what is asked, $department: $request',
    ({ department, request }) => {
      const { before, behind } = provisos[department.startsWith('en') ? 'en' : 'pt'];
      const bare = request.replace(/[.!?\s]+$/, '');
      for (const more of [...before.map((each) => `${each} ${request}`), ...behind.map((each) => `${bare} ${each}`)])
        expect([more, changesOf(departments[department](more))]).toEqual([more, null]);
    },
  );

  it('however far apart its words stand', () => {
    expect(changesOf(departments['en service'](`remove${' '.repeat(200)}Sense the mood${' '.repeat(200)}`))).toBe(
      'remove mood',
    );
  });

  it.each(['', 'remove Sense the mood', 'put a wait after', 'please could you', 'tira Sense the mood'])(
    'a row of anything that can be divided in many ways does not keep it: %s',
    (begin) => {
      // Each of them is what some pattern lets stand any number of times.
      const marks = [' ', ',', '!', '. ', ', ', ' ,', '"', '(', "n't ", '\t', '’', 'x', '1 '];
      const said = [
        ', por favor',
        ' now',
        'a ',
        'to ',
        ' e ',
        ' and ',
        'just ',
        ' depois ',
        ' de ',
        ', ok',
        ' a o ',
        ' then ',
      ];
      const places = [
        ' the step after the ',
        ' antes de ',
        ' at the end',
        ' 10 minutos',
        ' if ',
        'que ',
        ' it ',
        ' último ',
      ];
      for (const piece of [...marks, ...said, ...places])
        for (const end of ['x', ' de', '!a']) {
          const request = `${begin}${piece.repeat(Math.ceil(200 / piece.length))}${end}`;
          const { cannot, changes } = departments['en service'](request);
          expect([request, cannot !== null || changes.length > 0]).toEqual([request, true]);
        }
    },
  );

  it('a sentence that is too long to be read to its end is not read at all', () => {
    const more = ` ${'really '.repeat(40)}only on mondays`;
    for (const request of [`remove Sense the mood${more}`, `swap Sense the mood and Save to memory${more}`])
      expect([request, changesOf(departments['en service'](request))]).toEqual([request, null]);
    expect(changesOf(departments['en service']('remove Sense the mood'))).toBe('remove mood');
  });

  it.each([
    ['pt-BR atendimento', 'não tira o Sente o clima', /"tire A"/],
    ['pt-BR atendimento', 'tira o Sente o clima quando não tiver cliente', /"ponha uma condição depois de A"/],
    ['pt-BR atendimento', 'quando não achar, dá um desconto', /"ponha uma condição depois de A"/],
    ['pt-BR atendimento', 'quando não achar, passa pra uma pessoa', /"ligue a saída Não achou de A em B"/],
    ['en service', "don't remove Sense the mood", /"remove A"/],
    ['en service', 'remove Sense the mood when nobody writes', /"add a condition after A"/],
    ['en service', 'when nothing is found give a discount', /"add a condition after A"/],
    ['en service', 'when nothing is found hand over to a person', /"connect the Nothing way of A to B"/],
    ['pt-BR pedidos', 'chama o Agradece de algo mais curto', /entre aspas/],
  ] as const)('what can be written instead is said, %s: %s', (department, request, said) => {
    expect(departments[department](request).cannot).toMatch(said);
  });
});
