import { z } from 'zod';
import { field } from '#nodes/sdk/field.js';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';
import { anyJson, identifier } from '#nodes/sdk/values.js';

const namedValue = z.strictObject({
  name: identifier.meta(
    field(words('Nome', 'Name'), words('Curto, sem espaço nem acento.', 'Short, no spaces or accents.'), {
      control: 'text',
      literal: true,
    }),
  ),
  value: anyJson.meta(
    field(words('Valor', 'Value'), words('Um texto ou uma expressão.', 'A text or an expression.'), {
      control: 'expression',
    }),
  ),
});

/** A text, a number or a list has no fields to add names to: it is called `value` beside them. Nothing adds nothing. */
const fieldsOf = (value: Json | undefined): JsonObject => {
  if (value === undefined || value === null) return {};
  return typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : { value };
};

/** Gives names to values, so that later steps can use them. Of two with one name the last counts. Without names it hands on what it is given as it is. */
export const setNode = defineNode({
  type: 'data.set',
  version: 1,
  kind: 'pure',
  group: 'data',
  title: words('Anota valores', 'Set values'),
  summary: words('Dá nome a valores pra usar nos próximos passos.', 'Names values so that later steps can use them.'),
  icon: 'braces',
  needs: [],
  effects: [],
  config: z.strictObject({
    values: z
      .array(namedValue)
      .max(50)
      .default([])
      .meta(
        field(words('Valores', 'Values'), words('Cada um com seu nome.', 'Each with its name.'), { control: 'list' }),
      ),
    base: anyJson
      .optional()
      .meta(
        field(
          words('Junta com', 'Together with'),
          words(
            'O que outro passo devolveu, inteiro. Os valores acima entram junto; sem nenhum, segue igual, texto e lista também.',
            'All that another step returned. The values above are added to it; without any it goes on as it is, texts and lists too.',
          ),
          { control: 'expression' },
        ),
      ),
  }),
  inputs: [inPort],
  outputs: [{ name: 'out', title: words('Segue', 'Go on'), schema: anyJson }],
  run: ({ config: { base, values } }) => ({
    port: 'out',
    value:
      base !== undefined && values.length === 0
        ? base
        : { ...fieldsOf(base), ...Object.fromEntries(values.map(({ name, value }) => [name, value])) },
  }),
});
