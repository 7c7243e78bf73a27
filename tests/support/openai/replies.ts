type Dict = Record<string, unknown>;
const isDict = (value: unknown): value is Dict => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the emulated model says. `json` is written as text; `raw` as it is. */
export type Reply =
  | { readonly text: string }
  | { readonly json: unknown }
  | { readonly toolCalls: readonly { readonly name: string; readonly arguments: unknown }[] }
  | { readonly refusal: string };

/** The least value that satisfies a strict JSON Schema; texts say that they are a test's. */
export function sampleOf(schema: unknown, root: unknown = schema): unknown {
  if (!isDict(schema)) return null;
  if (typeof schema['$ref'] === 'string') {
    const target = schema['$ref']
      .split('/')
      .slice(1)
      .reduce<unknown>((at, part) => (isDict(at) ? at[part] : undefined), root);
    return sampleOf(target, root);
  }
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  const union = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(union)) return sampleOf(union[0], root);
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  if (type === 'object')
    return Object.fromEntries(
      Object.entries(isDict(schema['properties']) ? schema['properties'] : {}).map(([key, value]) => [
        key,
        sampleOf(value, root),
      ]),
    );
  if (type === 'array')
    return Array.from({ length: Number(schema['minItems'] ?? 0) }, () => sampleOf(schema['items'], root));
  if (type === 'string') return 'Resposta do emulador.';
  if (type === 'boolean') return false;
  if (type === 'number' || type === 'integer') return Math.max(0, Number(schema['minimum'] ?? 0));
  return null;
}

/** What a model that knows nothing would say: an object of the schema asked for, or a sentence. */
export function defaultReply(body: Dict): Reply {
  const format = body['response_format'];
  const asked = isDict(format) && isDict(format['json_schema']) ? format['json_schema']['schema'] : undefined;
  return asked === undefined ? { text: 'Olá! Sou o emulador.' } : { json: sampleOf(asked) };
}

export const textOf = (reply: Reply): string =>
  'text' in reply ? reply.text : 'json' in reply ? JSON.stringify(reply.json) : '';

/** About four characters a token. */
export const tokensOf = (value: unknown): number =>
  Math.ceil((typeof value === 'string' ? value : JSON.stringify(value)).length / 4);
