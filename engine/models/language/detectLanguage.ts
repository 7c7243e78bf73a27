import type { Locale } from '#nodes/sdk/text.js';
import { words } from './fold.js';

const marks: Readonly<Record<Locale, ReadonlySet<string>>> = {
  'pt-BR': new Set(
    words(`de da do das dos e o os as um uma que em no na para pra pro com sem por voces voce vc vcs ce quanto quanta custa qual quais onde quando como
      tem tenho temos abre abrem aberto fecha fecham horas hora ate entrega entregam fazem faz posso pode podem quero queria gostaria bom boa dia tarde noite oi ola obrigado obrigada
      nao sim isso essa esse meu minha nosso nossa eu ele ela mas tambem so ja hoje amanha domingo segunda terca quarta quinta sexta sabado preco valor
      pao bolo encomenda encomendar pagamento cartao dinheiro endereco fica ai aqui gente moco moca falar atendente alguem pessoa favor duvida sao esta estao ser ta to ne valeu blz beleza
      reais bairro rua feriado feriados fechado fechamos abrimos aceitamos aceitam nossos nossas pelo pela ao aos horario funcionamento`),
  ),
  en: new Set(
    words(`the and of to is are was do does did you your we our us it its this that these what when where which who how much many can could would will
      open close closed hours price cost delivery deliver deliveries order orders hi hello hey thanks thank please good morning afternoon evening my i me they there
      have has had for with without on at by from not yes any some need want like know speak talk person human someone today tomorrow sunday monday tuesday wednesday
      thursday friday saturday bread cake payment card cash address accept free if or be an tell about until week day days every minutes hi im dont`),
  ),
};

/** The language a text is written in, or `fallback` when its words do not tell (a name, a number, `ok`). */
export function detectLanguage(text: string, fallback: Locale): Locale {
  const accents = /[ãõçáéíóúâêôà]/i.test(text) ? 1.5 : 0;
  let portuguese = accents;
  let english = 0;
  for (const word of words(text)) {
    if (marks['pt-BR'].has(word)) portuguese += 1;
    if (marks.en.has(word)) english += 1;
  }
  if (portuguese === english) return fallback;
  return portuguese > english ? 'pt-BR' : 'en';
}
