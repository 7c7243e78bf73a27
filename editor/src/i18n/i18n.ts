import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Locale } from '#nodes/sdk/text.js';
import type { Dictionary } from './dictionary.js';

/** Only the language in use is fetched. */
const dictionaries: Record<Locale, () => Promise<Dictionary>> = {
  'pt-BR': async () => (await import('./pt-BR/index.js')).ptBR,
  en: async () => (await import('./en/index.js')).en,
};

export const locales = Object.keys(dictionaries) as readonly Locale[];

export const isLocale = (value: unknown): value is Locale => value === 'pt-BR' || value === 'en';

/** What the person chose before, else what the browser speaks. `theme.js` already decided it for `<html lang>`. */
const initialLocale = (): Locale => (isLocale(document.documentElement.lang) ? document.documentElement.lang : 'pt-BR');

export async function startI18n(lng: Locale = initialLocale()): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng,
    defaultNS: 'app',
    ns: ['app'],
    resources: { [lng]: { app: await dictionaries[lng]() } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}

/** Changes the language of what is on the screen. */
export async function changeLanguage(locale: Locale): Promise<void> {
  if (!i18next.hasResourceBundle(locale, 'app')) i18next.addResourceBundle(locale, 'app', await dictionaries[locale]());
  await i18next.changeLanguage(locale);
}

/** Changes the language now and for the next visits: of pages painted by the app, and by the server before it. */
export async function changeLocale(locale: Locale): Promise<void> {
  await changeLanguage(locale);
  document.documentElement.lang = locale;
  localStorage.setItem('locale', locale);
  tellServer(locale);
}

/** The language that the server paints the landing page in; see `server/plugins/webApp.ts`. Nothing else is known by it, and of nobody. */
function tellServer(locale: Locale): void {
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `locale=${locale}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}
