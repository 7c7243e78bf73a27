// The one command behind `npm start`, `npm run dev`, `npm run build` and `npm run keys:rotate`. Plain JavaScript without packages: on a fresh clone there are none yet.
import { install } from './install.mjs';
import { build } from './build.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node ${process.versions.node} is too old: install Node 20.19 or newer (24 is the fastest).`);
  process.exit(1);
}

const command = process.argv[2] ?? 'start';
try {
  install();
  if (command === 'dev') {
    const { dev } = await import('./dev.mjs');
    await dev();
  } else {
    await build();
    if (command === 'start') await import('../dist/start/main.js');
    if (command === 'rotateKeys') await import('../dist/start/rotateKeys.js');
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
