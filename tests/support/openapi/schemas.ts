import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Document } from '#server/openapi/document.js';

const ROOT = 'https://departments.test/openapi.json';

/** Checks values against a place of the document, named by its JSON pointer: `['components', 'schemas', 'Run']`. */
export function schemasOf(document: Document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ ...document, $id: ROOT });
  const known = new Map<string, ValidateFunction>();
  /** What is wrong with the value, in words; nothing when it is good. */
  return (pointer: readonly string[], value: unknown): string | null => {
    const path = pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    const validate = known.get(path) ?? ajv.compile({ $ref: `${ROOT}#/${path}` });
    known.set(path, validate);
    return validate(value) ? null : ajv.errorsText(validate.errors, { dataVar: 'the value', separator: '; ' });
  };
}
