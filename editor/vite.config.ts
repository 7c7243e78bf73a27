import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
/** Where the API listens during development. */
const api = process.env['API_URL'] ?? 'http://127.0.0.1:3000';

export default defineConfig({
  root,
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  plugins: [react(), tailwindcss()],
  build: {
    outDir: fileURLToPath(new URL('../dist/editor', import.meta.url)),
    emptyOutDir: true,
    // The content policy forbids `data:` scripts and fonts; nothing is inlined.
    assetsInlineLimit: 0,
    target: 'es2022',
  },
  server: { port: 5173, proxy: { '/api': { target: api, ws: true }, '/docs': { target: api } } },
});
