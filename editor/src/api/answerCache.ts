import { QueryClient, type InvalidateOptions, type InvalidateQueryFilters, type Query } from '@tanstack/react-query';

/** How a query stands that was said to be out of date: not read again since, or just being read. */
type Standing = 'outdated' | 'reading';

/**
 * Answers of the server, of which none that was said to be out of date passes for a fresh one before a reading that began afterwards is there. The
 * library by itself takes the reading under way for it when it is the first, forgets the word when a page further down is asked for or an event is
 * written in, and throws a second reading away each time somebody asks for a third: of a busy house nothing would ever be shown.
 */
export class AnswerCache extends QueryClient {
  readonly #standings = new WeakMap<Query, Standing>();

  constructor(...settings: ConstructorParameters<typeof QueryClient>) {
    super(...settings);
    this.getQueryCache().subscribe((event) => {
      if (event.type !== 'updated') return;
      const { query, action } = event;
      const standing = this.#standings.get(query);
      if (!standing) return;
      switch (action.type) {
        case 'fetch':
          // What is asked for further down takes the place of a reading from the top.
          this.#standings.set(query, action.meta?.fetchMore ? 'outdated' : 'reading');
          return;
        case 'success':
          if (standing === 'reading' && !action.manual) this.#standings.delete(query);
          else query.invalidate();
          if (standing === 'outdated' && !action.manual) this.#readAgain(query);
          return;
        case 'error':
          if (standing === 'outdated') this.#readAgain(query);
          else this.#standings.set(query, 'outdated');
          return;
        case 'setState':
          this.#standings.set(query, 'outdated');
      }
    });
  }

  /** Says that answers are out of date. Settles once those on the screen have been read after this was said. */
  override async invalidateQueries<Key extends readonly unknown[] = readonly unknown[]>(
    filters?: InvalidateQueryFilters<Key>,
    options?: InvalidateOptions,
  ): Promise<void> {
    const queries = this.getQueryCache().findAll(filters);
    const underWay = queries.filter(({ state }) => state.fetchStatus !== 'idle');
    for (const query of queries) this.#standings.set(query, 'outdated');
    await super.invalidateQueries(filters, { ...options, cancelRefetch: false });
    await Promise.all(underWay.map((query) => query.promise?.catch(() => {})));
  }

  #readAgain(query: Query): void {
    if (query.isActive() && !query.isStatic()) query.fetch().catch(() => {});
  }
}
