/** `node makeTemplate.js <file>`: part of the build. */
import { buildTemplate } from './buildTemplate.js';

const [, , file] = process.argv;
if (!file) throw new Error('Say which file to write the template to.');
await buildTemplate(file);
