import { tierLater } from '#db/embedded/tierLater.js';
import { useCompiled } from './compiled.js';
import { sayWhoWeAre } from './sayWhoWeAre.js';

/** What `npm start` runs. Everything else is loaded from here, by `import()`, so that it is found compiled; what is compiled with other flags is not. */
tierLater();
sayWhoWeAre();
const keepCompiled = useCompiled();
void import('./serve.js').then(({ serve }) => serve(keepCompiled));
