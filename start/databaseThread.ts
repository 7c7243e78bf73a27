import { tierLater } from '#db/embedded/tierLater.js';
import { useCompiled } from './compiled.js';

/** The embedded database's thread, in the bundle: its packages are found compiled, as in `main.ts`. */
tierLater();
const keepCompiled = useCompiled();
void import('#db/embedded/worker.js').then(({ opened }) => opened).then(keepCompiled);
