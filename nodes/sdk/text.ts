/** The languages of the product. Brazilian Portuguese is the first; every text a person reads exists in both. */
export const locales = ['pt-BR', 'en'] as const;
export type Locale = (typeof locales)[number];

/** A text in every language of the product. */
export type Text = Readonly<Record<Locale, string>>;

/** The two languages side by side, Portuguese first. */
export const words = (ptBR: string, en: string): Text => ({ 'pt-BR': ptBR, en });
