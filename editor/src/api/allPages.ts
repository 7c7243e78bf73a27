interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** A whole list, page after page. `until`: no further once it has said yes to an item. */
export async function allPages<Item>(
  read: (cursor: string | undefined) => Promise<Page<Item>>,
  until: (item: Item) => boolean = () => false,
): Promise<{ readonly items: readonly Item[] }> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
    if (page.items.some(until)) break;
  } while (cursor !== undefined);
  return { items };
}
