import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Server and worker from their TypeScript, restarted on change, and the web app on Vite with hot reload. Ends when either ends. */
export function dev() {
  const children = [
    spawn(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'watch', 'start/main.ts'], {
      cwd: root,
      stdio: 'inherit',
    }),
    spawn(process.execPath, ['node_modules/vite/bin/vite.js', '--config', 'editor/vite.config.ts'], {
      cwd: root,
      stdio: 'inherit',
    }),
  ];
  const end = () => children.forEach((child) => child.kill('SIGTERM'));
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  return Promise.all(children.map((child) => new Promise((done) => child.on('exit', () => (end(), done()))))).then(
    () => undefined,
  );
}
