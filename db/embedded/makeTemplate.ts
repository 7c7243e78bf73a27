/** `node makeTemplate.js <file>`: part of the build. */
import { buildTemplate } from './buildTemplate.js';

const [, , file] = process.argv;
if (!file) throw new Error('Say which file to write the template to.');
buildTemplate(file).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
