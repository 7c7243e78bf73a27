// Runs in Node, at build: the landing page as text, so that a browser shows it before it has read a line of the app.
import { createMemoryHistory } from '@tanstack/react-router';
import i18next from 'i18next';
import { renderToString } from 'react-dom/server';
import { App } from '../app/App.js';
import { router } from '../app/router.js';
import type { Locale } from '#nodes/sdk/text.js';
import { changeLanguage, locales, startI18n } from '../i18n/i18n.js';

/** The landing page in one language. */
export interface PaintedPage {
  readonly locale: Locale;
  readonly title: string;
  readonly description: string;
  /** What stands in `#root`, just as React would render it first. */
  readonly html: string;
}

async function paint(): Promise<readonly PaintedPage[]> {
  router.update({
    history: createMemoryHistory({ initialEntries: ['/'] }),
    // On a server it writes an inline script, which the content policy forbids.
    scrollRestoration: false,
  } as never);
  await startI18n('pt-BR');
  await router.load();
  const pages: PaintedPage[] = [];
  for (const locale of locales) {
    await changeLanguage(locale);
    const html = renderToString(<App />);
    if (!html.includes('<h1')) throw new Error('The landing page was painted without its headline');
    pages.push({
      locale,
      title: `${i18next.t('auth.landing.title')} ${i18next.t('auth.landing.title2')} · ${i18next.t('common.product')}`,
      description: i18next.t('auth.landing.lead'),
      html,
    });
  }
  return pages;
}

// Here, not when asked: what is imported lazily can be reached only while this module is read.
export const pages = await paint();
