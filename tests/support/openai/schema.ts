import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { contract, hasContracts } from '#tests/support/contracts.js';

type Dict = Record<string, unknown>;
export type Shape = 'chatRequest' | 'chatResponse' | 'chatChunk' | 'embeddingRequest' | 'embeddingResponse' | 'error';

export interface OpenAISchema {
  /** What OpenAI's specification holds against a body, in words; empty when it fits. */
  problems(shape: Shape, body: unknown): string[];
  /** The examples of the specification for Chat Completions, as JSON: requests and answers. */
  readonly examples: {
    readonly requests: readonly unknown[];
    readonly responses: readonly unknown[];
    readonly chunks: readonly unknown[];
  };
}

const names: Readonly<Record<Shape, string>> = {
  chatRequest: 'CreateChatCompletionRequest',
  chatResponse: 'CreateChatCompletionResponse',
  chatChunk: 'CreateChatCompletionStreamResponse',
  embeddingRequest: 'CreateEmbeddingRequest',
  embeddingResponse: 'CreateEmbeddingResponse',
  error: 'ErrorResponse',
};

const isDict = (value: unknown): value is Dict => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The specification says 3.1 but still writes `nullable` of 3.0, which 3.1 ignores: its own streaming example has such nulls. That example is also
 * older than the specification in one more way: its `system_fingerprint` may be null.
 */
function mend(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(mend);
  if (!isDict(schema)) return schema;
  const { nullable, discriminator: _, ...rest } = schema;
  const mended = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, mend(value)]));
  if (nullable !== true) return mended;
  return { anyOf: [mended, { type: 'null' }] };
}

let loaded: OpenAISchema | undefined;

/** OpenAI's published specification, or null where it is not at hand. Read once: it is 3 MB. */
export function openaiSchema(): OpenAISchema | null {
  if (!hasContracts) return null;
  loaded ??= load();
  return loaded;
}

function load(): OpenAISchema {
  const file = contract('openai/openapi.json') as {
    components: Dict & { schemas: Dict };
    paths: Record<string, { post: Dict }>;
  };
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  (formats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addFormat('unixtime', {
    type: 'number',
    validate: (value: number) => Number.isInteger(value) && value > 1_000_000_000,
  });
  ajv.addSchema({ components: { schemas: mend(file.components.schemas) } }, 'openai');
  const compiled = new Map<Shape, ValidateFunction>();
  const validate = (shape: Shape): ValidateFunction => {
    const known = compiled.get(shape) ?? ajv.compile({ $ref: `openai#/components/schemas/${names[shape]}` });
    compiled.set(shape, known);
    return known;
  };
  const parameters = new Set([
    'store',
    'metadata',
    ...propertiesOf(file.components.schemas, 'CreateChatCompletionRequest'),
  ]);
  return {
    problems(shape, body) {
      const check = validate(shape);
      const found = check(body)
        ? []
        : (check.errors ?? []).map((error) => `${error.instancePath || '/'} ${error.message ?? ''}`);
      if (shape === 'chatRequest' && isDict(body)) found.push(...wordsOnly(body, parameters));
      return found;
    },
    examples: examplesOf(file.paths['/chat/completions']?.post),
  };
}

function propertiesOf(schemas: Dict, name: string): string[] {
  const schema = schemas[name];
  if (!isDict(schema)) return [];
  const own = isDict(schema['properties']) ? Object.keys(schema['properties']) : [];
  const parts = Array.isArray(schema['allOf']) ? schema['allOf'] : [];
  return own.concat(
    parts.flatMap((part: unknown) => {
      if (!isDict(part)) return [];
      const reference = typeof part['$ref'] === 'string' ? part['$ref'].split('/').at(-1) : undefined;
      return reference ? propertiesOf(schemas, reference) : propertiesOf({ part }, 'part');
    }),
  );
}

/** Rules that the specification states in words only, or not at all though the API enforces them. */
function wordsOnly(body: Dict, parameters: ReadonlySet<string>): string[] {
  const found = Object.keys(body)
    .filter((key) => !parameters.has(key))
    .map((key) => `/ unrecognized request argument: ${key}`);
  const named = (name: unknown): boolean => typeof name === 'string' && /^[a-zA-Z0-9_-]{1,64}$/.test(name);
  const format = body['response_format'];
  if (isDict(format) && isDict(format['json_schema'])) {
    const { name, schema, strict } = format['json_schema'];
    if (!named(name)) found.push('/response_format/json_schema/name');
    if (strict === true) found.push(...strictProblems(schema, '/response_format/json_schema/schema'));
  }
  for (const tool of Array.isArray(body['tools']) ? body['tools'] : [])
    if (isDict(tool) && isDict(tool['function']) && !named(tool['function']['name'])) found.push('/tools name');
  const open = new Set<string>();
  for (const message of Array.isArray(body['messages']) ? body['messages'].filter(isDict) : []) {
    if (message['role'] === 'tool') {
      if (!open.delete(String(message['tool_call_id'])))
        found.push('/messages a tool message must answer a tool call before it');
      continue;
    }
    if (open.size) found.push('/messages every tool call must be answered by a tool message');
    open.clear();
    for (const call of Array.isArray(message['tool_calls']) ? message['tool_calls'].filter(isDict) : [])
      open.add(String(call['id']));
  }
  return found;
}

/** Structured Outputs guide: in strict mode every object is closed and requires all of its properties. */
function strictProblems(schema: unknown, path: string): string[] {
  if (Array.isArray(schema)) return schema.flatMap((one, index) => strictProblems(one, `${path}/${index}`));
  if (!isDict(schema)) return [];
  const found = Object.entries(schema).flatMap(([key, value]) =>
    ['enum', 'const', 'required'].includes(key) ? [] : strictProblems(value, `${path}/${key}`),
  );
  for (const key of ['oneOf', 'allOf', 'not', 'default', 'minLength', 'maxLength'])
    if (key in schema && !isDict(schema[key])) found.push(`${path} strict mode does not take ${key}`);
  if (schema['type'] !== 'object') return found;
  const properties = isDict(schema['properties']) ? Object.keys(schema['properties']) : [];
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  if (schema['additionalProperties'] !== false) found.push(`${path} additionalProperties must be false`);
  if (properties.some((name) => !required.includes(name))) found.push(`${path} every property must be required`);
  return found;
}

function examplesOf(post: Dict | undefined): OpenAISchema['examples'] {
  const meta = post?.['x-oaiMeta'];
  const list = isDict(meta) && Array.isArray(meta['examples']) ? meta['examples'].filter(isDict) : [];
  const parse = (text: string): unknown[] => {
    try {
      return [JSON.parse(text.replaceAll('VAR_chat_model_id', 'gpt-6-luna'))];
    } catch {
      return [];
    }
  };
  const requests = list.flatMap(({ request }) =>
    isDict(request) ? parse(/-d '([\s\S]*?)'\s*$/.exec(String(request['curl']))?.[1] ?? '') : [],
  );
  const answers = list
    .flatMap(({ response }) =>
      String(response)
        .split(/\n\n(?=\{)|\n(?=\{")/)
        .flatMap(parse),
    )
    .filter(isDict);
  return {
    requests,
    responses: answers.filter(({ object }) => object === 'chat.completion'),
    chunks: answers.filter(({ object }) => object === 'chat.completion.chunk'),
  };
}
