import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Passage } from '#nodes/sdk/context.js';
import type { Locale } from '#nodes/sdk/text.js';
import { chunk } from '#engine/knowledge/chunk.js';
import { answer } from './answer.js';

/** The passages of a folder's sources as a search would give them: chunks with their headings. */
function passagesOf(folder: URL, only = ''): Passage[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md') && name.includes(only))
    .flatMap((name) =>
      chunk(readFileSync(new URL(name, folder), 'utf8')).map(({ heading, content }, index) => ({
        id: `${name}#${index}`,
        sourceId: name,
        title: heading.split(' > ')[0] ?? name,
        text: `${heading
          .split(' > ')
          .map((one, depth) => `${'#'.repeat(depth + 1)} ${one}`)
          .join('\n')}\n\n${content}`,
        score: 1,
        updatedAt: '2026-01-01T00:00:00.000Z',
      })),
    );
}
const fixtures = new URL('../../knowledge/fixtures/', import.meta.url);
const portuguese = passagesOf(fixtures, 'pt-BR');
const both = passagesOf(fixtures);

type Row = readonly [question: string, ...words: string[]];
/** What a reply lacks, with the reply itself to read in a failure; empty when it is grounded and says every word. */
function lacks(passages: readonly Passage[], locale: Locale, question: string, wanted: readonly string[]): string[] {
  const reply = answer(question, passages, locale);
  const missing = wanted.filter((one) => !reply.text.includes(one));
  if (!reply.grounded) missing.push('a ground');
  if (reply.passages.length === 0) missing.push('a source');
  return missing.length ? [...missing, reply.text] : [];
}

describe('over a small bakery', () => {
  test.each<Row>([
    ['Que horas vocês abrem?', 'Terça a sexta: das 6h às 19h', 'Segunda: fechado'],
    ['qual o horário de funcionamento', 'Domingo: das 7h às 13h'],
    ['vcs abrem domingo??', 'das 7h às 13h'],
    ['ABRE HOJE QUINTA?', 'das 6h às 19h'],
    ['abre na segunda?', 'fechado'],
    ['e quarta feira, abre ate q horas?', 'Terça a sexta'],
    ['abrem no feriado?', 'das 7h às 12h'],
    ['Bom dia! Quanto custa o bolo de rolo?', 'Bom dia!', 'R$ 9,00', 'R$ 78,00'],
    ['quanto ta o pao frances', 'Pão francês: R$ 0,90 (unidade).'],
    ['preço do croissant', 'R$ 10,00'],
    ['qnt é o pão de queijo?', 'R$ 5,00'],
    ['Oi! qual o valor do café?', 'R$ 6,00'],
    ['quais os preços?', 'Croissant', 'Café expresso', 'Pão francês'],
    ['entregam nas graças?', 'Graças e Espinheiro'],
    ['Oi boa tarde, vocês entregam em Boa Viagem?', 'Não vejo Boa Viagem', 'Entregamos em Boa Vista'],
    ['qual a taxa de entrega?', 'R$ 7,00'],
    ['quanto custa a entrega', 'R$ 7,00'],
    ['Quanto tempo demora a entrega?', '40 a 60 minutos'],
    ['Qual o pedido mínimo?', 'R$ 30,00'],
    ['aceita pix?', 'Aceitamos Pix'],
    ['Posso pagar no cartão? E vale refeição?', 'cartões de crédito', 'Não aceitamos vale-refeição'],
    ['parcela em quantas vezes?', '3 vezes'],
    ['o bolo de cenoura tem gluten?', 'tem glúten e ovos'],
    ['pão de queijo tem lactose?', 'tem leite e ovos', 'não tem glúten'],
    [
      'Meu filho tem alergia a ovo. O pão francês tem ovo?',
      'Pão francês: tem glúten; não tem leite, ovos nem castanhas.',
    ],
    ['sou celíaca, o que posso comer?', 'celíacos'],
    ['Tem opção vegana?', 'são veganos'],
    ['tem algo sem açucar?', 'diet'],
    ['Onde vocês ficam?', 'Rua da Aurora, 325'],
    ['qual o endereço por favor', 'Rua da Aurora'],
    ['tem estacionamento?', 'zona azul'],
    ['posso levar meu cachorro?', 'varanda'],
    ['Com quanto tempo de antecedência preciso encomendar um bolo?', '48 horas'],
    ['precisa pagar sinal?', 'sinal de 50%'],
    ['Posso cancelar a encomenda?', '24 horas antes'],
    ['meu pão veio estragado, como faço pra trocar?', 'trocamos ou devolvemos'],
    ['o pão sai do forno que horas?', 'às 6h, às 11h e às 16h'],
    ['que horas abre e quanto custa o croissant?', 'Terça a sexta', 'Croissant: R$ 10,00'],
    ['Quanto é o café e vocês fazem entrega?', 'R$ 6,00', 'Entregamos em'],
  ])('answers "%s"', (question, ...words) => {
    expect(lacks(portuguese, 'pt-BR', question, words)).toEqual([]);
  });

  test.each<Row>([
    ['What time do you open on Saturday?', 'Saturday from 6 am to 6 pm'],
    ['are you open on mondays', 'closed on Mondays'],
    ['Hello! how much is delivery?', 'Hi!', 'R$ 7.00'],
    ['Do you deliver to Graças?', 'We deliver to'],
    ['do u take credit cards', 'We accept Pix'],
    ['how far in advance do I need to order a cake?', "48 hours' notice"],
    ["What's the minimum order?", 'R$ 30.00'],
    ['how long does delivery take', '40 to 60 minutes'],
  ])('answers "%s" in English when there is English to answer with', (question, ...words) => {
    expect(lacks(both, 'pt-BR', question, words)).toEqual([]);
    expect(answer(question, both, 'pt-BR').locale).toBe('en');
  });

  test.each<Row>([
    ['how much is the croissant?', 'in Portuguese', 'R$ 10,00'],
    ['do you have anything vegan?', 'in Portuguese', 'veganos'],
    ['Does the carrot cake contain gluten?', 'in Portuguese', 'tem glúten e ovos'],
    ['where are you located?', 'in Portuguese', 'Rua da Aurora'],
    ['can I bring my dog?', 'in Portuguese', 'varanda'],
  ])('quotes the other language for "%s"', (question, ...words) => {
    expect(lacks(portuguese, 'en', question, words)).toEqual([]);
  });

  test.each([
    'Vocês vendem sushi?',
    'tem bolo de limão?',
    'vcs consertam celular?',
    'Qual a senha do wifi?',
    'quem ganhou o jogo ontem?',
    'quanto custa um iphone',
    'Do you sell pizza?',
    'what is the capital of France?',
    'qual o sentido da vida?',
  ])('does not pretend to know "%s"', (question) => {
    const reply = answer(question, portuguese, 'pt-BR');
    expect(reply.grounded, reply.text).toBe(false);
    expect(reply.passages).toEqual([]);
    expect(reply.text).toMatch(/pessoa da equipe|person from the team/);
  });

  test('answers what it knows of two questions and owns up to the other', () => {
    const reply = answer('Que horas abre domingo? E vocês vendem sushi?', portuguese, 'pt-BR');
    expect(reply.grounded).toBe(true);
    expect(reply.text).toContain('das 7h às 13h');
    expect(reply.text).toMatch(/sushi.*não tenho certeza/);
  });

  test('understands a question that leans on the one before it', () => {
    expect(answer('e no domingo?', portuguese, 'pt-BR', ['que horas abrem no sábado?']).text).toBe(
      'Domingo: das 7h às 13h.',
    );
    expect(answer('quanto custa?', portuguese, 'pt-BR', ['vocês têm croissant?']).text).toContain('R$ 10,00');
  });

  test.each<readonly [string, string, readonly string[]]>([
    ['tem gluten?', 'Bolo de cenoura com chocolate: tem glúten', ['quanto é o bolo de cenoura?']],
    ['e o de cenoura?', 'Bolo de cenoura', ['quanto é o bolo de rolo?']],
    ['e no feriado?', 'das 7h às 12h', ['que horas abrem no sábado?', 'e no domingo?']],
  ])('follows the conversation to "%s"', (question, words, earlier) => {
    expect(answer(question, portuguese, 'pt-BR', earlier).text).toContain(words);
  });

  test('is the same every time', () => {
    const question = 'Que horas abre e quanto custa o bolo de rolo?';
    expect(answer(question, both, 'pt-BR')).toEqual(answer(question, both, 'pt-BR'));
  });
});

describe('without any knowledge', () => {
  test.each<readonly [string, Locale, string]>([
    ['oi', 'pt-BR', 'Oi! Como posso te ajudar?'],
    ['Bom diaaaa', 'pt-BR', 'Bom dia! Como posso te ajudar?'],
    ['oi, tudo bem com vocês?', 'pt-BR', 'Oi! Tudo bem por aqui. Como posso te ajudar?'],
    ['hi there!', 'en', 'Hi! How can I help you?'],
    ['Muito obrigada pela ajuda!', 'pt-BR', 'Por nada! Se precisar de mais alguma coisa, é só chamar.'],
    ['valeu, era só isso', 'pt-BR', 'Por nada! Se precisar de mais alguma coisa, é só chamar.'],
    ['thank you so much', 'en', "You're welcome! If you need anything else, just write."],
    ['tchau', 'pt-BR', 'Até logo! Qualquer coisa, é só chamar.'],
    ['ok', 'en', 'All right. If you need anything else, just write.'],
  ])('is polite to "%s"', (message, locale, reply) => {
    expect(answer(message, [], locale)).toMatchObject({ text: reply, grounded: true });
  });

  test.each(['vc é um robô?', 'estou falando com uma pessoa?', 'are you a bot?'])(
    'never pretends to be a person ("%s")',
    (message) => {
      expect(answer(message, [], 'pt-BR').text).toMatch(/virtual/);
    },
  );

  test.each(['', '???', '🍞🍞', 'asdfgh', 'a'.repeat(5_000)])('survives %j', (message) => {
    expect(answer(message, portuguese, 'pt-BR').text).not.toBe('');
  });
});

const template = new URL('../../../templates/customer-service/knowledge/', import.meta.url);
describe.skipIf(!existsSync(template))("over the customer service template's own knowledge", () => {
  const folder = (locale: Locale): Passage[] => passagesOf(new URL(`${locale}/`, template));
  test.each<Row>([
    ['Que horas vocês abrem?', 'De segunda a sexta: abrimos às 6h'],
    ['abre domingo?', 'abrimos às 6h30'],
    ['Abre no Natal?', 'fechado o dia todo'],
    ['quanto é o pão francês?', 'R$ 19,90'],
    ['quanto custa o bolo de rolo?', 'R$ 8,00'],
    ['vocês entregam em Boa Viagem?', 'Entregamos, sim.', 'R$ 14,00'],
    ['entregam em Olinda?', 'Não entregamos'],
    ['entrega em Casa Amarela?', 'Casa Amarela', 'Não entregamos em outros bairros'],
    ['aceita pix?', 'Aceitamos Pix'],
    ['A coxinha tem leite?', 'A coxinha de frango leva leite e glúten'],
    ['pão de queijo tem gluten?', 'Não leva glúten'],
    ['qual o prazo pra encomendar bolo?', '48 horas'],
    ['onde fica a padaria?', 'Rua do Futuro, 412'],
    ['qual o telefone?', '3000-0412'],
    ['cardápio', 'Brigadeiro', 'Café coado', 'Coxinha'],
    ['quais bairros vcs atendem?', 'Graças e Aflitos', 'Pina'],
    ['entregam na varzea?', 'Varzea', 'Não entregamos em outros bairros'],
    ['bolo de cenora quanto', 'R$ 60,00'],
    ['preço do brigadeiro?', 'Brigadeiro: R$ 4,00.'],
    ['7 de setembro abre?', 'Feriado: abrimos às 7h'],
    ['vcs abrem 24/12?', 'abrimos às 6h e fechamos às 16h'],
    ['quais nao tem leite?', 'Pão francês', 'mesma cozinha'],
    ['tem bolo sem gluten?', 'Bolo de macaxeira', 'traços'],
    ['queria encomendar 10 coxinhas pra amanha', 'R$ 7,00', 'contar por aqui'],
    [
      'boa tarde, quanto ta o bolo de rolo, se tem gluten e se vcs entregam no derby',
      'R$ 45,00',
      'leva glúten',
      'R$ 6,00',
    ],
    ['eu moro no parnamirim né e queria saber se vocês entregam aqui porque to sem carro', 'R$ 8,00'],
    [
      'vocês abrem domingo porque vai ter aniversário da minha mãe e eu queria pegar um bolo de rolo',
      'abrimos às 6h30',
    ],
    ['cuanto cuesta el pan frances?', 'R$ 19,90'],
  ])('answers "%s"', (question, ...words) => {
    expect(lacks(folder('pt-BR'), 'pt-BR', question, words)).toEqual([]);
  });

  test.each<Row>([
    ['what time do you open on sundays?', '6:30 a.m.'],
    ['how much is the carrot cake?', 'R$ 9.00'],
    ['do you deliver to Boa Viagem?', 'Yes, we do.', 'R$ 14.00'],
    ['does the coxinha contain milk?', 'contains milk and gluten'],
    ['can I pay with cash?', 'cash'],
    ['how do I place an order?', 'tell us here what you want'],
    ["i'd like 10 coxinhas", 'R$ 7.00', 'tell us here what you want'],
    ['do you have anything dairy free', 'No milk or egg', 'same kitchen'],
    ['when does fresh bread come out', '6 a.m., 11 a.m. and 4:30 p.m., every day'],
    ['do you deliver on sundays', 'from 8 a.m. to 12 p.m.'],
  ])('answers "%s"', (question, ...words) => {
    expect(lacks(folder('en'), 'en', question, words)).toEqual([]);
  });

  test.each([
    'Vocês vendem sushi?',
    'qual a senha do wifi?',
    'vocês fazem tatuagem?',
    'qual a receita do bolo de rolo?',
    'qual a chave pix?',
  ])('does not know "%s"', (question) => {
    expect(answer(question, folder('pt-BR'), 'pt-BR').grounded).toBe(false);
  });
});
