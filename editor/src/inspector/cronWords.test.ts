import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Locale } from '#nodes/sdk/text.js';
import { en } from '../i18n/en/index.js';
import { ptBR } from '../i18n/pt-BR/index.js';
import { cronWords } from './cronWords.js';

const texts = i18next.createInstance();
beforeAll(() =>
  texts.init({
    defaultNS: 'app',
    resources: { 'pt-BR': { app: ptBR }, en: { app: en } },
    interpolation: { escapeValue: false },
  }),
);
const said = (cron: string, locale: Locale) => cronWords(cron, locale, texts.getFixedT(locale));

describe('a cron line in words', () => {
  it.each([
    ['30 7 * * *', 'Às 07:30, todos os dias.', 'At 07:30, every day.'],
    ['0 8,14 1,15 * *', 'Às 08:00 e 14:00, nos dias 1 e 15.', 'At 08:00 and 14:00, on days 1 and 15.'],
    [
      '*/15 9-18 * * MON-FRI',
      'A cada 15 minutos das 09:00 às 18:59, de segunda-feira a sexta-feira.',
      'Every 15 minutes from 09:00 to 18:59, from Monday to Friday.',
    ],
    ['5 */6 * * *', 'A cada 6 horas, aos 05 minutos, todos os dias.', 'Every 6 hours, at minute 05, every day.'],
    [
      '10 * * 12 7',
      'A cada hora, aos 10 minutos, cada domingo, só em dezembro.',
      'Every hour, at minute 10, on Sunday, only in December.',
    ],
    ['* * * * *', 'A cada minuto, todos os dias.', 'Every minute, every day.'],
    ['0 9 1 * 1', 'Às 09:00, no dia 1 e também cada segunda-feira.', 'At 09:00, on day 1 and also on Monday.'],
  ])('%s', (cron, portuguese, english) => {
    expect(said(cron, 'pt-BR')).toBe(portuguese);
    expect(said(cron, 'en')).toBe(english);
  });

  it.each([
    '0 9 L * *',
    '0 9 * * 1#2',
    '*/7 9,11,13 * * *',
    '60 8 * * *',
    '0 8 * *',
    'x',
    '0 8 31-1 * *',
    '*/0 8 * * *',
  ])('says nothing of what it has no words for: %s', (cron) => expect(said(cron, 'en')).toBeNull());
});
