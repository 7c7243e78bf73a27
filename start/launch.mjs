// The one command behind `npm start`, `npm run dev`, `npm run build` and `npm run keys:rotate`. Plain JavaScript without packages: on a fresh clone there are none yet.
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { install } from './install.mjs';
import { build } from './build.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node ${process.versions.node} is too old: install Node 20.19 or newer (24 is the fastest).`);
  process.exit(1);
}

const compiled = fileURLToPath(new URL('../dist/.compiled', import.meta.url));
const command = process.argv[2] ?? 'start';
try {
  install();
  if (command === 'dev') {
    const { dev } = await import('./dev.mjs');
    await dev();
  } else {
    await build();
    // What was compiled once is kept beside what was built (Node 22 and newer): half of a start is loading.
    if (!process.env.NODE_COMPILE_CACHE) module.enableCompileCache?.(compiled);
    if (command === 'start') await import('../dist/start/main.js');
    if (command === 'rotateKeys') await import('../dist/start/rotateKeys.js');
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
