import { describe, expect, test } from 'vitest';
import { escalationOf } from './escalation.js';
import { moodOf } from './mood.js';

test.each([
  'quero falar com gente',
  'atendente',
  'humano',
  'ATENDENTE POR FAVOR',
  'Quero falar com um atendente',
  'quero falar com uma pessoa de verdade',
  'posso falar com o gerente?',
  'me passa pra um humano',
  'tem alguem ai pra eu conversar com alguém?',
  'falar com atendende',
  'chama uma pessoa',
  'quero atendimento humano',
  'não quero falar com robô',
  'cansei desse robô',
  'gostaria de falar com a dona',
  'preciso falar com alguém agora',
  'I want to talk to a person',
  'speak to a human',
  'can I speak with the manager please',
  'human please',
  'agent',
  'get me a real person',
  'i need to talk to someone',
  "I don't want to talk to a bot",
  'connect me to an agent',
  'a lucia ta ai? quero falar com ela',
  'tem algum humano ai?',
  'is Ana around? can I talk to her?',
])('hears the wish for a person in "%s"', (message) => {
  expect(moodOf(message).wantsPerson, JSON.stringify(moodOf(message))).toBe(true);
});

test.each([
  'não quero falar com atendente',
  'não precisa chamar ninguém não',
  'bolo pra 20 pessoas',
  'quantas pessoas serve o bolo?',
  'o atendente foi ótimo ontem',
  'a gente quer encomendar um bolo',
  'vocês atendem domingo?',
  'meu gerente pediu pra eu encomendar pão',
  "I don't need to talk to a person",
  'a cake for ten people',
  'the agent yesterday was lovely',
  'Que horas abre?',
  'alguém da minha família é celíaco',
  'tem alguém aí?',
  'quero falar com vocês sobre um bolo',
])('does not hear it in "%s"', (message) => {
  expect(moodOf(message).wantsPerson, JSON.stringify(moodOf(message))).toBe(false);
});

test.each([
  'isso é um absurdo!!!',
  'vou processar vocês',
  'QUE PALHAÇADA É ESSA',
  'vocês são uns ladrões',
  'vou no Procon',
  'que merda de atendimento',
  'bando de incompetentes',
  'this is ridiculous',
  "I'm furious, give me my money back",
  'you guys are a scam',
  'I will sue you',
])('hears anger in "%s"', (message) => {
  expect(moodOf(message)).toMatchObject({ sentiment: 'negative', angry: true });
  expect(escalationOf(message, [], 'pt-BR').escalate).toBe(true);
});

test.each([
  'meu pedido não chegou',
  'o pão veio duro e frio',
  'péssimo',
  'tô decepcionada com vocês',
  'the bread was stale',
  'my order never arrived',
  'não gostei do bolo',
  'encontrei um cabelo no bolo',
  'there was a hair in my bread',
  'my cake arrived smashed',
  'my order never came',
  'you guys charged me twice',
])('hears displeasure in "%s"', (message) => {
  expect(moodOf(message).sentiment, JSON.stringify(moodOf(message))).toBe('negative');
});
test.each([
  'amei o bolo!',
  'muito obrigada, tudo delicioso',
  'parabéns pelo atendimento',
  'ótimo',
  'the cake was amazing',
  'love it, thanks!',
])('hears joy in "%s"', (message) => {
  expect(moodOf(message).sentiment).toBe('positive');
});
test.each([
  'Que horas vocês abrem?',
  'quanto custa o pão?',
  'oi',
  'não tem problema',
  'quero pão sem lactose',
  'how much is it',
  'no problem at all',
  'not bad',
  'O bolo tem ovo?',
  'vocês entregam?',
  'tem suco bem frio?',
  'how late are you open?',
  'do you fix broken bikes?',
  'se vier errado vcs trocam?',
  'whats your refund policy?',
])('hears nothing in "%s"', (message) => {
  expect(moodOf(message).sentiment, JSON.stringify(moodOf(message))).toBe('neutral');
});

test('shouting makes it worse', () => {
  expect(moodOf('QUE ATENDIMENTO PÉSSIMO!!!').score).toBeLessThan(moodOf('que atendimento péssimo').score);
});

describe('escalation', () => {
  test.each([
    ['quero falar com um atendente', 'Pediu pra falar com uma pessoa'],
    ['passei mal depois de comer o bolo', 'Relatou mal-estar ou reação alérgica'],
    ['isso é um absurdo!!!', 'Cliente muito insatisfeito'],
    ['cobraram duas vezes no meu cartão, péssimo', 'Reclamação sobre pedido ou cobrança'],
  ])('says why for "%s"', (message, reason) => {
    const given = escalationOf(message, ['Oi'], 'pt-BR');
    expect(given).toMatchObject({ escalate: true, reason });
    expect(given.summary).toContain(message);
  });

  test.each([
    'Que horas abrem?',
    'obrigada!',
    'tem glúten no pão?',
    'sou alérgica a castanha, o bolo tem?',
    'qual a política de trocas?',
  ])('leaves "%s" to the team', (message) => {
    expect(escalationOf(message, [], 'pt-BR')).toMatchObject({ escalate: false, reason: '' });
  });

  test.each(['sim', 'sim por favor', 'yes please', 'quero'])(
    'takes "%s" for a yes to the offer of a person',
    (message) => {
      const offer = 'Isso eu não tenho aqui. Quer falar com uma pessoa da equipe?';
      expect(escalationOf(message, [], 'pt-BR', '', offer).escalate).toBe(true);
      expect(escalationOf(message, [], 'pt-BR', '', 'Abrimos às 6h.').escalate).toBe(false);
    },
  );

  test("keeps to the author's other rules", () => {
    const rule = 'Chame quando for de empresa e quando o cliente quiser mudar um pedido já pago.';
    expect(escalationOf('quero mudar meu pedido que ja paguei', [], 'pt-BR', rule).escalate).toBe(true);
    expect(escalationOf('é pra empresa, 80 lanches', [], 'pt-BR', rule).escalate).toBe(true);
    expect(escalationOf('vocês emitem nota pra empresa?', [], 'pt-BR', rule).escalate).toBe(false);
    expect(escalationOf('é pra empresa, 80 lanches', [], 'pt-BR').escalate).toBe(false);
  });

  test('keeps to the limit that the author wrote', () => {
    const rule = 'Chame também quando a encomenda passar de 100 unidades.';
    expect(escalationOf('quero 200 brigadeiros', [], 'pt-BR', rule)).toMatchObject({
      escalate: true,
      reason: 'Pedido grande',
    });
    expect(escalationOf('quero 3 centos de salgado', [], 'pt-BR', rule).escalate).toBe(true);
    expect(escalationOf('quero 50 brigadeiros', [], 'pt-BR', rule).escalate).toBe(false);
    expect(escalationOf('quero 200 brigadeiros', [], 'pt-BR').escalate).toBe(false);
  });
});
