import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { nameOfRef, type Document, type Response } from '#server/openapi/document.js';
import { schemasOf } from './schemas.js';

/**
 * Holds every answer against what the document says of it: the status must be among those of the operation, and the body must match its
 * schema. Addresses and methods that the document does not have are not looked at. Throws, naming the operation.
 */
export function answerChecker(app: FastifyInstance) {
  let ready: ReturnType<typeof read> | undefined;
  return (method: string, path: string, response: LightMyRequestResponse): void => {
    ready ??= read(app.swagger() as object as Document);
    ready(method.toLowerCase(), `/api/v1${path.split('?')[0]}`, response);
  };
}

function read(document: Document) {
  const check = schemasOf(document);
  const paths = Object.keys(document.paths)
    .map((path) => ({ path, pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`) }))
    .toSorted((a, b) => a.path.split('{').length - b.path.split('{').length);

  return (method: string, address: string, response: LightMyRequestResponse): void => {
    const path = paths.find(({ path: each, pattern }) => pattern.test(address) && document.paths[each]?.[method])?.path;
    const operation = path && document.paths[path]?.[method];
    if (!path || !operation) return;
    const status = String(response.statusCode);
    const documented: Response | undefined = operation.responses?.[status];
    if (!documented)
      throw new Error(`${operation.operationId} answered ${status}, which the document does not say: ${response.body}`);
    const pointer = documented.$ref
      ? ['components', 'responses', nameOfRef(documented.$ref)]
      : ['paths', path, method, 'responses', status];
    const answer = documented.$ref ? document.components.responses?.[nameOfRef(documented.$ref)] : documented;
    if (!answer?.content?.['application/json']?.schema || response.body === '') return;
    const fault = check([...pointer, 'content', 'application/json', 'schema'], response.json());
    if (fault) throw new Error(`${operation.operationId} answered ${status} otherwise than documented: ${fault}`);
  };
}
