import type { Locale } from './text.js';

/**
 * Which of our languages a customer's message is in, by the small words that only one of them has. Words that both use ("a", "as",
 * "do", "no", "me", "for") say nothing and are left out. Wrong guesses cost little: the next message corrects them.
 */
const portuguese = new Set(
  (
    'o os um uma dos das na nos nas ao que e é não nao para pra pro com por você vocês voce voces vc vcs tem têm qual quais quanto quanta ' +
    'quantos quantas quero queria oi olá ola bom boa dia tarde noite obrigado obrigada valeu aqui onde quando como mais meu minha eu posso ' +
    'fazer faz fica custa preço preco hoje amanhã amanha domingo sábado sabado feriado abre fecha aberto entrega entregam aceita aceitam ' +
    'gente falar moça moço alguém alguem isso esse essa este esta tá ta tô são sao está foi ser leva vem já ja sim também tambem muito'
  ).split(' '),
);
const english = new Set(
  (
    'the is are you have has what how much many i my and with can could your hi hello hey please thanks thank good morning afternoon evening ' +
    'where when does did it its in of on open closed close not want would like sell price cost deliver delivery today tomorrow sunday ' +
    'saturday holiday order someone person human talk speak to there this that they we which who why yes any'
  ).split(' '),
);
/** Portuguese, but they also stand in names and dishes that every customer writes: "Pão de queijo", "Pão da Lúcia". */
const weakPortuguese = new Set(['de', 'da']);

/** `null` when the words do not tell ("ok", "2", "👍"). */
export function detectLocale(text: string): Locale | null {
  let balance = 0;
  for (const word of text.slice(0, 2_000).split(/[^\p{L}]+/u)) {
    const small = word.toLowerCase();
    if (portuguese.has(small)) balance += 1;
    else if (english.has(small)) balance -= 1;
    else if (weakPortuguese.has(small)) balance += 0.5;
    // A capital letter with an accent inside is most often a name.
    else if (/[ãõçáéíóúâêôà]/.test(word) && word === small) balance += 0.5;
  }
  return balance === 0 ? null : balance > 0 ? 'pt-BR' : 'en';
}
