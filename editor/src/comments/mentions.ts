interface Person {
  readonly userId: string;
  readonly name: string;
}

/** The name that is being written after an @, up to the cursor; `null` when none is. */
export function namedAt(text: string, cursor: number): { readonly from: number; readonly search: string } | null {
  const before = text.slice(0, cursor);
  const at = before.lastIndexOf('@');
  if (at === -1 || (at > 0 && !/\s/.test(before[at - 1] ?? ''))) return null;
  const search = before.slice(at + 1);
  return /\n/.test(search) || search.length > 40 ? null : { from: at, search };
}

const plain = (text: string): string => text.toLocaleLowerCase().normalize('NFD').replace(/\p{M}/gu, '');

/** People whose name goes on from what is written. */
export const suggested = <Someone extends Person>(people: readonly Someone[], search: string): readonly Someone[] =>
  people
    .filter(({ name }) => plain(name).startsWith(plain(search)) || plain(name).includes(` ${plain(search)}`))
    .slice(0, 6);

/** Who is named in a text: the longest name that stands after each @. */
export function mentionedIn(text: string, people: readonly Person[]): string[] {
  const byLength = people.toSorted((a, b) => b.name.length - a.name.length);
  const found = new Set<string>();
  for (const { index } of text.matchAll(/@/g)) {
    const rest = plain(text.slice(index + 1));
    const person = byLength.find(({ name }) => rest.startsWith(plain(name)));
    if (person) found.add(person.userId);
  }
  return [...found].slice(0, 20);
}
