import { z } from 'zod';
import type { Json } from './json.js';

/** One of the answers that a question offers. */
export interface Choice {
  /** What is kept when it is chosen; the code of its button. */
  readonly value: string;
  readonly title: string;
}

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase();

/** Which one an answer means: by the code of the button, by value, by title (accents and capitals aside), or by its number in the list. */
export function chosenOf<One extends Choice>(
  { text, buttonId }: { readonly text: string; readonly buttonId?: string | undefined },
  choices: readonly One[],
): One | undefined {
  const said = plain(text);
  return (
    choices.find(({ value }) => value === buttonId) ??
    choices.find(({ value, title }) => value === text || plain(title) === said) ??
    (/^\d{1,2}$/.test(said) ? choices[Number(said) - 1] : undefined)
  );
}

/** How people answer: a bare text, or a message with the code of the button they tapped. */
const spoken = z.union([
  z.string().transform((text) => ({ text, buttonId: undefined })),
  z.object({ text: z.string(), buttonId: z.string().optional() }),
]);

/** An answer as somebody said it; `undefined` for what only programs say. */
export const spokenOf = (answer: Json): z.output<typeof spoken> | undefined => spoken.safeParse(answer).data;
