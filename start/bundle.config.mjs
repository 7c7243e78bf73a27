import { defineConfig } from 'rolldown';

/**
 * The server as `dist/start/`: one file a purpose instead of some thousand modules, whose finding and reading was two thirds of a start. Names and
 * lines stay as they were written, so that an error's stack and a profile can be read.
 */
export default defineConfig({
  input: {
    main: 'start/main.ts',
    rotateKeys: 'start/rotateKeys.ts',
    databaseThread: 'start/databaseThread.ts',
    makeTemplate: 'db/embedded/makeTemplate.ts',
    // By itself for the chaos suite, which arms it from outside.
    failpoint: 'db/failpoint.ts',
  },
  platform: 'node',
  tsconfig: false,
  // They read files of their own beside their code: binaries, WebAssembly, threads, pages.
  external: [/^@node-rs\//, /^@electric-sql\//, /^pino/, /^@fastify\/(static|swagger-ui)/],
  output: {
    dir: 'dist/start',
    // What a script was compiled to can be kept on Node 20; of a module it cannot (`compiled.ts`).
    format: 'cjs',
    keepNames: true,
    comments: false,
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  },
  // Drivers of other databases and optional accelerators, which are not installed: whoever asks for them is told so then.
  onLog: (level, log, report) => log.code !== 'UNRESOLVED_IMPORT' && report(level, log),
});
