import { z } from 'zod';
import { triggerMessage } from '#nodes/sdk/customer.js';
import { field } from '#nodes/sdk/field.js';
import type { JsonObject } from '#nodes/sdk/json.js';
import { detectLocale } from '#nodes/sdk/language.js';
import { defineNode } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { locales, words } from '#nodes/sdk/text.js';
import { anyJson, identifier } from '#nodes/sdk/values.js';

const attribute = z.strictObject({
  name: identifier.meta(
    field(words('Nome', 'Name'), words('Curto, sem espaço nem acento.', 'Short, no spaces or accents.'), {
      control: 'text',
      literal: true,
    }),
  ),
  value: anyJson.meta(
    field(
      words('Valor', 'Value'),
      words('O que guardar. Nada (null) apaga.', 'What to keep. Nothing (null) forgets it.'),
      { control: 'expression' },
    ),
  ),
});

const remembered = z.object({
  id: z.string().nullable(),
  name: z.string().nullable(),
  /** The language to speak with this contact. */
  locale: z.enum(locales),
  attributes: z.record(z.string(), anyJson),
  messageCount: z.int().min(0),
  /** True when this contact has written before. */
  known: z.boolean(),
});

/** Who is writing: reads the contact, notes the language they write in, and keeps what the author wants kept. */
export const contactNode = defineNode({
  type: 'data.contact',
  version: 1,
  kind: 'read',
  group: 'data',
  title: words('Lembra quem é', 'Remember who it is'),
  summary: words(
    'Reconhece quem escreveu e guarda o que vale lembrar.',
    'Recognises who wrote and keeps what is worth remembering.',
  ),
  icon: 'id-card',
  needs: ['contacts', 'conversation'],
  effects: [
    {
      name: 'contact',
      summary: words(
        'Guarda no contato a língua e o que você mandar guardar.',
        'Keeps the language and what you ask for with the contact.',
      ),
    },
  ],
  config: z.strictObject({
    attributes: z
      .array(attribute)
      .max(30)
      .default([])
      .meta(
        field(words('Guardar', 'Keep'), words('O que lembrar desta pessoa.', 'What to remember about this person.'), {
          control: 'list',
        }),
      ),
    noteLanguage: z
      .boolean()
      .default(true)
      .meta(
        field(
          words('Notar a língua', 'Note the language'),
          words('Responder na língua em que a pessoa escreve.', 'Answer in the language the person writes in.'),
          { control: 'switch' },
        ),
      ),
  }),
  inputs: [inPort],
  outputs: [{ name: 'out', title: words('Segue', 'Go on'), schema: remembered }],
  run: async ({ config, ctx }) => {
    const before = await ctx.contacts.get();
    const written = config.noteLanguage ? detectLocale(triggerMessage(ctx.trigger)?.text ?? '') : null;
    const locale = written ?? before?.locale ?? ctx.conversation?.locale ?? ctx.organization.locale;
    if (before === null) {
      return { port: 'out', value: { id: null, name: null, locale, attributes: {}, messageCount: 0, known: false } };
    }

    const attributes: JsonObject = Object.fromEntries(config.attributes.map(({ name, value }) => [name, value]));
    const languageIsNew = written !== null && written !== before.locale;
    const contact =
      languageIsNew || config.attributes.length > 0
        ? await ctx.contacts.update({ ...(languageIsNew && { locale: written }), attributes })
        : before;
    return {
      port: 'out',
      value: {
        id: contact.id,
        name: contact.name,
        locale,
        attributes: contact.attributes,
        messageCount: contact.messageCount,
        known: contact.messageCount > 0,
      },
    };
  },
});
