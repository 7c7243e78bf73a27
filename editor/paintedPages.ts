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
 * Writes `index.html` again for what somebody waits longest for, once in each language; the server sends them.
 * `landing.<locale>.html`: the landing page as React would paint it, and what the app needs to take it over asked for at once.
 * `editor.<locale>.html`: what the editor imports asked for beside the app, not when the app has been read.
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
        const emit = (name: string, source: string): void => {
          this.emitFile({ type: 'asset', fileName: `${name}.html`, source });
        };
        for (const page of await painted()) {
          const words = `/i18n/${page.locale}/index.ts`;
          emit(
            `landing.${page.locale}`,
            documentOf(shell, page, bundle, filesOf(bundle, [words, '/landing/LandingPage.tsx'])),
          );
          const editor = filesOf(bundle, [words, '/app/Shell.tsx', '/editor/EditorPage.tsx']);
          const missing = editor.filter((address) => !shell.includes(address));
          emit(
            `editor.${page.locale}`,
            replaceOnce(shell, '</head>', `${missing.map(preloaded).join('\n    ')}\n  </head>`),
          );
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

function documentOf(shell: string, page: PaintedPage, bundle: Rolldown.OutputBundle, files: readonly string[]): string {
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
  const asked = [...new Set([...scripts.flatMap(([, address]) => address ?? []), ...files])]
    .filter((address) => !style.includes(address))
    .map(preloaded);
  text = replaceOnce(text, '</head>', `${asked.join('\n    ')}\n  </head>`);
  return replaceOnce(text, '<div id="root"></div>', `<div id="root">${html}</div>\n    ${start}`);
}

/** The two faces of the page, in the letters of its languages: swapped in later they would move it. */
const fontsOf = (bundle: Rolldown.OutputBundle): string[] =>
  Object.keys(bundle)
    .filter((name) => /(gabarito|instrument-sans)-latin-w\w+-normal-.*\.woff2$/.test(name))
    .map((name) => `<link rel="preload" href="/${name}" as="font" type="font/woff2" crossorigin />`);

/** Addresses of what modules import before they can begin: scripts, and the styles of their own. */
function filesOf(bundle: Rolldown.OutputBundle, modules: readonly string[]): string[] {
  const names = new Set<string>();
  const add = (name: string): void => {
    const chunk = bundle[name];
    if (chunk?.type !== 'chunk' || names.has(name)) return;
    names.add(name);
    for (const style of chunk.viteMetadata?.importedCss ?? []) names.add(style);
    chunk.imports.forEach(add);
  };
  for (const module of modules) {
    const chunk = Object.values(bundle).find(
      (each) => each.type === 'chunk' && each.moduleIds.some((id) => id.endsWith(module)),
    );
    if (!chunk) throw new Error(`${module} is in no script`);
    add(chunk.fileName);
  }
  return [...names].map((name) => `/${name}`);
}

const preloaded = (address: string): string =>
  address.endsWith('.css')
    ? `<link rel="preload" as="style" crossorigin href="${address}" />`
    : `<link rel="modulepreload" crossorigin href="${address}" />`;
