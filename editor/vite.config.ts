import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { nodeIcons } from './nodeIcons.js';
import { paintedPages } from './paintedPages.js';
import { precompressed } from './precompressed.js';

const root = fileURLToPath(new URL('.', import.meta.url));
/** Where the API listens during development. */
const api = process.env['API_URL'] ?? 'http://127.0.0.1:3000';

export default defineConfig({
  root,
  plugins: [
    react(),
    tailwindcss(),
    nodeIcons(fileURLToPath(new URL('../nodes', import.meta.url))),
    paintedPages(),
    precompressed(),
    VitePWA({
      registerType: 'autoUpdate',
      // A file of its own: the content policy allows no inline script.
      injectRegister: 'script-defer',
      manifest: {
        name: 'AI Departments',
        short_name: 'Departments',
        description: 'Contrate um time que responde no WhatsApp, dia e noite, e que sabe a hora de te chamar.',
        lang: 'pt-BR',
        start_url: '/home',
        display: 'standalone',
        background_color: '#f2f3ee',
        theme_color: '#f2f3ee',
        icons: [
          { src: 'logo.svg', sizes: 'any', type: 'image/svg+xml' },
          { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: 'icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
      workbox: {
        // The shell opens without a network; answers of the API are never kept.
        globPatterns: ['**/*.{js,css,html,svg}', '**/*-latin-{wght,wdth}-normal-*.woff2'],
        // Painted for one language, and not for whoever is signed in: the server's to choose. Without a network the shell stands for it.
        globIgnores: ['landing.*.html', 'editor.*.html'],
        directoryIndex: null,
        navigateFallbackDenylist: [/^\/api\//, /^\/docs/, /^\/healthz/, /^\/readyz/, /^\/(?:\?|$)/],
        runtimeCaching: [
          {
            urlPattern: ({ url, request }) => request.mode === 'navigate' && url.pathname === '/',
            handler: 'NetworkOnly',
            options: { precacheFallback: { fallbackURL: 'index.html' } },
          },
        ],
      },
    }),
  ],
  build: {
    outDir: fileURLToPath(new URL('../dist/editor', import.meta.url)),
    emptyOutDir: true,
    // The content policy forbids `data:` scripts and fonts; nothing is inlined.
    assetsInlineLimit: 0,
    target: 'es2022',
    rolldownOptions: {
      output: {
        // What the first page needs anyway comes as one file, and icons that several pages show as another: a browser asks for six at a time, and these
        // were a hundred of some bytes each.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'first', tags: ['$initial'], priority: 1 },
            { name: 'icons', test: /lucide-react/, minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: { port: 5173, proxy: { '/api': { target: api, ws: true }, '/docs': { target: api } } },
});
