import { useTranslation } from 'react-i18next';
import type { Locale, Text } from '#nodes/sdk/text.js';
import { isLocale } from './i18n.js';

/** The words and the language of the page. `of` picks the language of a text that the server keeps in both. */
export function useTexts() {
  const { t, i18n } = useTranslation();
  const locale: Locale = isLocale(i18n.language) ? i18n.language : 'pt-BR';
  return { t, locale, of: (text: Text): string => text[locale] };
}
