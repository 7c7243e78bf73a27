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

/**
 * Who is named in a text: the longest whole name that stands after each @ that begins a word.
 * @param picked whom a name was chosen for in the list: of several who are called the same, this one
 */
export function mentionedIn(
  text: string,
  people: readonly Person[],
  picked: ReadonlyMap<string, string> = new Map(),
): string[] {
  const byLength = people.toSorted((a, b) => b.name.length - a.name.length);
  const found = new Set<string>();
  for (const { index } of text.matchAll(/(?<![\p{L}\p{N}._-])@/gu)) {
    const rest = plain(text.slice(index + 1));
    const named = byLength.filter(
      ({ name }) => rest.startsWith(plain(name)) && !/^[\p{L}\p{N}]/u.test(rest.slice(plain(name).length)),
    );
    const [first] = named;
    const chosen = first && named.find(({ name, userId }) => name === first.name && picked.get(name) === userId);
    const person = chosen ?? first;
    if (person) found.add(person.userId);
  }
  return [...found].slice(0, 20);
}
