import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Locale } from '#nodes/sdk/text.js';
import type { Dictionary } from './dictionary.js';

/** Only the language in use is fetched. */
const dictionaries: Record<Locale, () => Promise<Dictionary>> = {
  'pt-BR': async () => (await import('./pt-BR/index.js')).ptBR,
  en: async () => (await import('./en/index.js')).en,
};

export const isLocale = (value: unknown): value is Locale => value === 'pt-BR' || value === 'en';

/** What the person chose before, else what the browser speaks. `theme.js` already decided it for `<html lang>`. */
const initialLocale = (): Locale => (isLocale(document.documentElement.lang) ? document.documentElement.lang : 'pt-BR');

export async function startI18n(): Promise<void> {
  const lng = initialLocale();
  await i18next.use(initReactI18next).init({
    lng,
    defaultNS: 'app',
    ns: ['app'],
    resources: { [lng]: { app: await dictionaries[lng]() } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}

/** Changes the language now and for the next visits. */
export async function changeLocale(locale: Locale): Promise<void> {
  if (!i18next.hasResourceBundle(locale, 'app')) i18next.addResourceBundle(locale, 'app', await dictionaries[locale]());
  await i18next.changeLanguage(locale);
  document.documentElement.lang = locale;
  localStorage.setItem('locale', locale);
}
