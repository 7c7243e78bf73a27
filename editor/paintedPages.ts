import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { runnerImport, type Plugin, type Rolldown } from 'vite';
import type { PaintedPage } from './src/landing/paint.js';

/** What modules of the app ask of a browser when they are read. There is no session, and nobody to hear of one. */
const browser = {
  localStorage: { getItem: () => null, setItem: () => undefined, removeItem: () => undefined },
  addEventListener: () => undefined,
};

const painter = fileURLToPath(new URL('src/landing/paint.tsx', import.meta.url));

/**
 * Writes the landing page as a document of its own for each language, `landing.<locale>.html`: `index.html` with the page in it, painted as React
 * would, and what the app needs to take it over asked for at once. The server sends it for `/`.
 */
export function paintedPages(): Plugin {
  return {
    name: 'painted-pages',
    apply: 'build',
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const index = bundle['index.html'];
        if (index?.type !== 'asset') throw new Error('There is no index.html to paint the landing page in');
        const shell = String(index.source);
        for (const page of await painted()) {
          const fileName = `landing.${page.locale}.html`;
          this.emitFile({ type: 'asset', fileName, source: documentOf(shell, page, bundle) });
        }
      },
    },
  };
}

async function painted(): Promise<readonly PaintedPage[]> {
  const added = Object.entries(browser).filter(([name]) => !(name in globalThis));
  Object.assign(globalThis, Object.fromEntries(added));
  try {
    const { module } = await runnerImport<{ pages: readonly PaintedPage[] }>(painter, {
      configFile: false,
      mode: 'production',
      logLevel: 'warn',
      plugins: [react()],
    });
    return module.pages;
  } finally {
    for (const [name] of added) Reflect.deleteProperty(globalThis, name);
  }
}

/** Exactly once, or the document is not what this was written for. */
function replaceOnce(text: string, from: string | RegExp, to: string): string {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`index.html has ${String(from)} ${parts.length - 1} times`);
  return parts.join(to);
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

function documentOf(shell: string, page: PaintedPage, bundle: Rolldown.OutputBundle): string {
  const { locale, title, description, html } = page;
  let text = replaceOnce(shell, /<html [^>]*>/, `<html lang="${locale}" data-theme="light" data-painted="${locale}">`);
  text = replaceOnce(text, /<title>[^<]*<\/title>/, `<title>${escaped(title)}</title>`);
  text = replaceOnce(text, /content="Contrate[^"]*"/, `content="${escaped(description)}"`);
  // What paints is asked for first: its style and its faces. Then the app, which is read when the page is on the screen.
  const scripts = [...text.matchAll(/<script type="module"[^>]* src="([^"]+)"><\/script>\s*/g)];
  const app = scripts.at(-1)?.[1];
  if (!app) throw new Error('index.html has no script');
  for (const [tag] of scripts) text = replaceOnce(text, tag, '');
  const style = /<link rel="stylesheet"[^>]*>/.exec(text)?.[0] ?? '';
  text = replaceOnce(text, style, '');
  text = replaceOnce(
    text,
    '<script src="/theme.js">',
    `${[style, ...fontsOf(bundle)].join('\n    ')}\n    <script src="/theme.js">`,
  );
  const start = `<script src="/start.js" data-app="${app}"></script>`;
  const own = scriptsOf(bundle, locale).map((name) => `/${name}`);
  const asked = [...new Set([...scripts.flatMap(([, address]) => address ?? []), ...own])].map(preloaded);
  text = replaceOnce(text, '</head>', `${asked.join('\n    ')}\n  </head>`);
  return replaceOnce(text, '<div id="root"></div>', `<div id="root">${html}</div>\n    ${start}`);
}

/** The two faces of the page, in the letters of its languages: swapped in later they would move it. */
const fontsOf = (bundle: Rolldown.OutputBundle): string[] =>
  Object.keys(bundle)
    .filter((name) => /(gabarito|instrument-sans)-latin-w\w+-normal-.*\.woff2$/.test(name))
    .map((name) => `<link rel="preload" href="/${name}" as="font" type="font/woff2" crossorigin />`);

/** What the app imports to take the page over. */
function scriptsOf(bundle: Rolldown.OutputBundle, locale: string): string[] {
  const names = new Set<string>();
  const add = (name: string): void => {
    const chunk = bundle[name];
    if (chunk?.type !== 'chunk' || names.has(name) || chunk.isEntry) return;
    names.add(name);
    chunk.imports.forEach(add);
  };
  for (const chunk of Object.values(bundle)) {
    if (chunk.type !== 'chunk' || !chunk.facadeModuleId) continue;
    const module = chunk.facadeModuleId;
    if (module.endsWith('/landing/LandingPage.tsx') || module.endsWith(`/i18n/${locale}/index.ts`)) add(chunk.fileName);
  }
  if (names.size === 0) throw new Error('The landing page has no script');
  return [...names];
}

const preloaded = (address: string): string => `<link rel="modulepreload" crossorigin href="${address}" />`;
