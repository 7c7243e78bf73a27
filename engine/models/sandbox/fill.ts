import type { Json, JsonObject } from '#nodes/sdk/json.js';

/** Names that authors give to the same thing, folded and without separators, to the fact that answers it. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  text: [
    'text',
    'answer',
    'reply',
    'response',
    'message',
    'content',
    'body',
    'resposta',
    'texto',
    'mensagem',
    'output',
    'result',
  ],
  grounded: ['grounded', 'known', 'found', 'answered', 'supported', 'hasanswer', 'fundamentado', 'encontrado'],
  sources: ['sources', 'passages', 'passageids', 'sourceids', 'citations', 'fontes'],
  needsPerson: ['needsperson', 'needshuman', 'handoff', 'precisapessoa'],
  label: ['label', 'category', 'class', 'intent', 'topic', 'choice', 'route', 'categoria', 'assunto', 'intencao'],
  confidence: ['confidence', 'certainty', 'probability', 'confianca', 'certeza'],
  query: ['query', 'question', 'search', 'q', 'term', 'pergunta', 'consulta', 'busca'],
  score: ['score', 'sentimentscore', 'polarity', 'nota'],
  mood: ['mood', 'sentiment', 'feeling', 'emotion', 'tone', 'humor', 'sentimento'],
  escalate: ['escalate', 'shouldescalate', 'escalar', 'transfer'],
  reason: ['reason', 'why', 'motivo', 'rationale', 'explanation', 'justification'],
  summary: ['summary', 'resumo', 'abstract', 'notes'],
  language: ['language', 'locale', 'lang', 'idioma', 'lingua'],
  angry: ['angry', 'isangry', 'furious'],
};
const factOf = new Map(
  Object.entries(aliases).flatMap(([fact, names]) => names.map((name): [string, string] => [name, fact])),
);

/** Words for the same choice, so that an enum of the author's own words finds its value. */
const same: readonly (readonly string[])[] = [
  ['positive', 'happy', 'positivo', 'feliz', 'satisfied', 'good'],
  ['neutral', 'calm', 'neutro', 'calmo', 'ok', 'none'],
  ['negative', 'upset', 'unhappy', 'negativo', 'insatisfeito', 'frustrated', 'worried', 'bad'],
  ['angry', 'furious', 'irritado', 'bravo', 'negative', 'upset', 'urgent'],
];

const key = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/[^a-zA-Z0-9]/g, '')
    .toLowerCase();
const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const numberOf = (value: Json | undefined): number | undefined => (typeof value === 'number' ? value : undefined);

function choose(options: readonly Json[], fact: Json | undefined): Json {
  if (fact !== undefined && options.includes(fact)) return fact;
  const wanted = typeof fact === 'string' ? key(fact) : '';
  const direct = options.find((option) => typeof option === 'string' && key(option) === wanted);
  if (direct !== undefined) return direct;
  const group = same.find(([first]) => first === wanted) ?? same.find((words) => words.includes(wanted));
  const near = group
    ?.map((word) => options.find((option) => typeof option === 'string' && key(option) === word))
    .find((option) => option !== undefined);
  const none = options.find(
    (option) =>
      option === null ||
      (typeof option === 'string' && ['other', 'outro', 'outros', 'none', 'unknown', 'neutral'].includes(key(option))),
  );
  return near ?? none ?? options[0] ?? null;
}

function fillNumber(schema: JsonObject, fact: Json | undefined): number {
  const low = numberOf(schema['minimum']) ?? (numberOf(schema['exclusiveMinimum']) ?? Number.NEGATIVE_INFINITY - 1) + 1;
  const high =
    numberOf(schema['maximum']) ?? (numberOf(schema['exclusiveMaximum']) ?? Number.POSITIVE_INFINITY + 1) - 1;
  const value = typeof fact === 'number' ? fact : 0;
  const whole = schema['type'] === 'integer' ? Math.round(value) : value;
  return Math.min(high, Math.max(low, whole));
}

function fillString(schema: JsonObject, fact: Json | undefined): string {
  const value =
    typeof fact === 'string' ? fact : typeof fact === 'number' || typeof fact === 'boolean' ? String(fact) : '';
  const format = schema['format'];
  if (format === 'date-time') return '2026-01-01T00:00:00.000Z';
  if (format === 'date') return '2026-01-01';
  if (format === 'email') return 'sandbox@example.com';
  if (format === 'uri' || format === 'url') return 'https://example.com';
  if (format === 'uuid') return '00000000-0000-4000-8000-000000000000';
  const most = numberOf(schema['maxLength']);
  const cut =
    most !== undefined && value.length > most ? `${value.slice(0, Math.max(0, most - 1))}…`.slice(0, most) : value;
  return cut.padEnd(numberOf(schema['minLength']) ?? 0, '.');
}

/**
 * A value that satisfies a JSON Schema, taking each property it recognises by name from `facts` and the least that is valid otherwise.
 * Understands what `z.toJSONSchema` writes: objects, arrays, enums, constants, unions, references, bounds and formats; not `pattern`.
 */
export function fill(schema: JsonObject, facts: JsonObject, fact?: Json, root: JsonObject = schema): Json {
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const target = reference
      .replace(/^#\/?/, '')
      .split('/')
      .filter(Boolean)
      .reduce<Json | undefined>((at, part) => (isObject(at) ? at[part] : undefined), root);
    return isObject(target) ? fill(target, facts, fact, root) : null;
  }
  if ('const' in schema) return schema['const'] ?? null;
  const options = schema['enum'];
  if (Array.isArray(options)) return choose(options, fact);
  const union = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(union)) {
    const branches = union.filter(isObject);
    const constants = branches.filter((branch) => 'const' in branch);
    if (constants.length === branches.length)
      return choose(
        constants.map((branch) => branch['const'] ?? null),
        fact,
      );
    const nullable = branches.some((branch) => branch['type'] === 'null');
    const rest = branches.filter((branch) => branch['type'] !== 'null');
    const kind = Array.isArray(fact) ? 'array' : fact === null ? 'null' : typeof fact;
    const branch = rest.find((one) => one['type'] === kind) ?? (fact === undefined && nullable ? undefined : rest[0]);
    return branch ? fill(branch, facts, fact, root) : null;
  }
  const all = schema['allOf'];
  if (Array.isArray(all)) return fill(Object.assign({}, ...all.filter(isObject)) as JsonObject, facts, fact, root);
  const type = Array.isArray(schema['type'])
    ? fact === undefined && schema['type'].includes('null')
      ? 'null'
      : schema['type'].find((one) => one !== 'null')
    : schema['type'];
  if (type === 'object' || isObject(schema['properties'])) {
    const properties = isObject(schema['properties']) ? schema['properties'] : {};
    const required = Array.isArray(schema['required']) ? schema['required'] : [];
    const inner = isObject(fact) ? { ...facts, ...fact } : facts;
    return Object.fromEntries(
      Object.entries(properties).flatMap(([name, property]): [string, Json][] => {
        const known = inner[name] ?? inner[factOf.get(key(name)) ?? ''];
        if (known === undefined && !required.includes(name)) return [];
        return [[name, isObject(property) ? fill(property, inner, known, root) : (known ?? null)]];
      }),
    );
  }
  if (type === 'array') {
    const items = isObject(schema['items']) ? schema['items'] : {};
    const values = Array.isArray(fact) ? fact : [];
    const least = numberOf(schema['minItems']) ?? 0;
    const most = numberOf(schema['maxItems']) ?? Number.POSITIVE_INFINITY;
    const filled = values.slice(0, most).map((value) => fill(items, facts, value, root));
    while (filled.length < least) filled.push(fill(items, facts, undefined, root));
    return filled;
  }
  if (type === 'boolean') return typeof fact === 'boolean' ? fact : false;
  if (type === 'number' || type === 'integer') return fillNumber({ ...schema, type }, fact);
  if (type === 'string') return fillString(schema, fact);
  return fact ?? null;
}
