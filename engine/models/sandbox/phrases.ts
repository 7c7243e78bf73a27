import type { Text } from '#nodes/sdk/text.js';

/** What the sandbox says in its own words. Everything else it says is quoted from the material. */
export const phrases = {
  hello: { 'pt-BR': 'Oi!', en: 'Hi!' },
  morning: { 'pt-BR': 'Bom dia!', en: 'Good morning!' },
  afternoon: { 'pt-BR': 'Boa tarde!', en: 'Good afternoon!' },
  evening: { 'pt-BR': 'Boa noite!', en: 'Good evening!' },
  howCanIHelp: { 'pt-BR': 'Como posso te ajudar?', en: 'How can I help you?' },
  allWell: { 'pt-BR': 'Tudo bem por aqui.', en: 'All well here.' },
  youAreWelcome: {
    'pt-BR': 'Por nada! Se precisar de mais alguma coisa, é só chamar.',
    en: "You're welcome! If you need anything else, just write.",
  },
  goodbye: { 'pt-BR': 'Até logo! Qualquer coisa, é só chamar.', en: 'See you! If you need anything, just write.' },
  fine: {
    'pt-BR': 'Combinado. Se precisar de mais alguma coisa, é só chamar.',
    en: 'All right. If you need anything else, just write.',
  },
  glad: {
    'pt-BR': 'Que bom que gostou! Se precisar de alguma coisa, é só chamar.',
    en: 'So glad you liked it! If you need anything, just write.',
  },
  tellMe: {
    'pt-BR': 'Não entendi bem. Me conta o que você precisa?',
    en: "I didn't quite get that. Could you tell me what you need?",
  },
  whoAmI: {
    'pt-BR':
      'Sou o atendimento virtual daqui. Respondo na hora o que eu souber e, quando precisar, chamo uma pessoa da equipe.',
    en: "I'm the virtual assistant here. I answer what I know right away and bring in a person from the team when it's needed.",
  },
  doNotKnow: {
    'pt-BR': 'Isso eu não sei te dizer com certeza. Quer que eu chame uma pessoa da equipe?',
    en: "I'm not sure about that. Would you like me to get a person from the team?",
  },
  doNotKnowTheRest: {
    'pt-BR': 'Sobre “{rest}” eu não tenho certeza. Quer que eu chame uma pessoa da equipe?',
    en: "I'm not sure about “{rest}”. Would you like me to get a person from the team?",
  },
  notInArea: { 'pt-BR': 'Não vejo {place} na nossa área de entrega.', en: "I don't see {place} in our delivery area." },
  personComing: {
    'pt-BR': 'Claro, vou chamar uma pessoa da equipe pra continuar com você.',
    en: 'Of course, I will get a person from the team to continue with you.',
  },
  sorry: {
    'pt-BR': 'Sinto muito por isso. Vou chamar uma pessoa da equipe pra resolver com você.',
    en: "I'm sorry about this. I'll get a person from the team to sort it out with you.",
  },
  quoteFromPortuguese: { 'pt-BR': '', en: 'Here is what I found, in Portuguese:' },
  quoteFromEnglish: { 'pt-BR': 'Encontrei esta informação, em inglês:', en: '' },
  done: { 'pt-BR': 'Pronto, está feito.', en: 'All done.' },
} satisfies Record<string, Text>;
