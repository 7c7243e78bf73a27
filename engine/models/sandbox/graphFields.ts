import type { Json, JsonObject } from '#nodes/sdk/json.js';
import type { Locale, Text } from '#nodes/sdk/text.js';
import { fold } from '../language/fold.js';
import { find } from './called.js';

interface Field {
  readonly key: string;
  readonly title: Text;
  readonly schema: JsonObject;
}

/** The settings of a kind of step, from the JSON Schema of its config. */
function all(config: JsonObject): Field[] {
  const properties = (config['properties'] ?? {}) as Readonly<Record<string, JsonObject>>;
  return Object.entries(properties).map(([key, schema]) => ({
    key,
    title: textIn(schema['title']) ?? same(key),
    schema,
  }));
}

/** The setting that goes by a name, in either language or as it is kept. */
export function fieldOf(config: JsonObject, name: string): Field | null {
  const fields = all(config);
  const named = fields.map(({ key, title }) => ({
    id: key,
    names: [key, title['pt-BR'], title.en],
    also: also[key] ?? [],
  }));
  const found = find(name, named);
  return found.length === 1 ? (fields.find(({ key }) => key === found[0]?.id) ?? null) : null;
}

/** What the settings of a kind of step are called, for an answer. */
export const fieldsOf = (config: JsonObject, locale: Locale): string =>
  all(config)
    .map(({ title }) => title[locale])
    .join(', ');

/** The field in which a kind of step keeps what it says, asks or is told; `null` for one that has none. */
export function textField(config: JsonObject): string | null {
  const properties = (config['properties'] ?? {}) as Readonly<Record<string, Json>>;
  return ['text', 'question', 'message', 'instructions'].find((field) => field in properties) ?? null;
}

/** How else people call settings. */
const also: Readonly<Record<string, readonly string[]>> = {
  history: ['histórico', 'memória', 'contexto', 'context', 'memory'],
  instructions: ['instruções', 'instrução', 'prompt', 'orientações', 'instruction'],
  text: ['texto', 'mensagem', 'message'],
  question: ['pergunta'],
  message: ['mensagem', 'texto', 'text'],
  url: ['endereço', 'link', 'address'],
  method: ['método'],
  limit: ['limite', 'máximo', 'quantidade', 'número', 'maximum', 'number'],
  model: ['modelo'],
  timeoutMinutes: ['tempo', 'prazo', 'timeout', 'time'],
  timeoutSeconds: ['tempo', 'prazo', 'timeout', 'time'],
};

const yes = new Set(['sim', 'true', 'yes', 'on', 'ligado', 'ativado', 'verdadeiro', '1']);
const no = new Set(['nao', 'false', 'no', 'off', 'desligado', 'desativado', 'falso', '0']);

/** What was said as a value of the setting; `undefined` when it cannot be one. */
export function valueOf(schema: JsonObject, said: string): Json | undefined {
  const isQuoted = /^["“«]/u.test(said.trim());
  // What stands behind the quotes is no part of the value, and is not passed over.
  if (isQuoted && !/^["“«][^"”»]*["”»]$/u.test(said.trim())) return undefined;
  const text = said.trim().replace(/^["“”'«]+|["“”'»]+$/gu, '');
  const choices = schema['enum'];
  if (Array.isArray(choices)) {
    const { options = {} } = (schema['ui'] ?? {}) as { options?: Readonly<Record<string, Json>> };
    const named = choices.map((choice) => {
      const { 'pt-BR': pt, en } = textIn(options[String(choice)]) ?? same(String(choice));
      return { id: String(choice), names: [String(choice), pt, en] };
    });
    const found = find(text, named);
    return found.length === 1 ? found[0]?.id : undefined;
  }
  switch (schema['type']) {
    case 'boolean':
      return yes.has(fold(text)) ? true : no.has(fold(text)) ? false : undefined;
    case 'number':
    case 'integer': {
      const [, digits] =
        /^(-?\d+(?:[.,]\d+)?)(?:\s+(?:mensage(?:m|ns)|messages?|trechos?|passages?|vezes|times|segundos?|seconds?|minutos?|minutes?))?$/iu.exec(
          text,
        ) ?? [];
      return digits === undefined ? undefined : Number(digits.replace(',', '.'));
    }
    case 'array':
    case 'object':
      return undefined;
    // A text of several words says in quotes where it begins and ends: "to be friendlier" is none.
    default:
      return isQuoted || !/\s/.test(text) ? text : undefined;
  }
}

const same = (word: string): Text => ({ 'pt-BR': word, en: word });
const textIn = (value: Json | undefined): Text | null => {
  const { 'pt-BR': pt, en } = (value ?? {}) as Partial<Record<Locale, unknown>>;
  return typeof pt === 'string' && typeof en === 'string' ? { 'pt-BR': pt, en } : null;
};
