import pg from 'pg';
import { median } from './stats.js';

const ROUNDS = 40;
const TIMES = 25;

/**
 * What row-level security adds to a tenant's ordinary queries, in per cent of their time without it. One side asks as `app_tenant`, in the words of
 * the product: they name no organization, because the policies choose its rows. The other is a role that sees all rows, so the same query has to name
 * the organization itself. Both plan each statement anew, as the product's are, and get the same rows.
 * @param options.named the tenant's side names the organization as well, on top of what the policies do
 */
export async function rowLevelSecurity(
  url: string,
  conversationId: string,
  { named = false }: { named?: boolean } = {},
): Promise<number> {
  const clients = [new pg.Client({ connectionString: url }), new pg.Client({ connectionString: url })] as const;
  try {
    await Promise.all(clients.map((client) => client.connect()));
    const [guarded, bare] = clients;
    const { rows } = await bare.query<{ organization_id: string; department_id: string }>(
      'select organization_id, department_id from platform.conversations where id = $1',
      [conversationId],
    );
    const { organization_id: organizationId, department_id: departmentId } = rows[0] ?? {};
    await guarded.query(
      `select set_config('role', 'app_tenant', false), set_config('app.current_organization', $1, false)`,
      [organizationId],
    );
    const queries = [
      {
        name: 'messages',
        from: 'messages where',
        rest: 'conversation_id = $1 order by id desc limit 50',
        values: [conversationId],
      },
      {
        name: 'conversations',
        from: 'conversations where',
        rest: 'last_message_at <= $1 order by last_message_at desc, id limit 20',
        values: [new Date(Date.now() + 86_400_000)],
      },
      { name: 'department', from: 'departments where', rest: 'id = $1', values: [departmentId] },
    ].map(({ name, from, rest, values }) => ({
      name,
      bare: {
        text: `select * from platform.${from} organization_id = $2 and ${rest}`,
        values: [...values, organizationId],
      },
      guarded: { text: `select * from platform.${from} ${rest}`, values },
    }));
    // Without its name: under one, node-postgres would have it prepared.
    const ask = (client: pg.Client, query: (typeof queries)[number]) => {
      const { text, values } = client === bare || named ? query.bare : query.guarded;
      return client.query<Record<string, unknown>>(text, values);
    };
    const round = async (client: pg.Client): Promise<number> => {
      const began = performance.now();
      for (let time = 0; time < TIMES; time += 1) for (const query of queries) await ask(client, query);
      return performance.now() - began;
    };
    for (const query of queries) {
      const [seen, all] = [await ask(guarded, query), await ask(bare, query)];
      // One side that got less would only seem to be fast.
      if (JSON.stringify(seen.rows) !== JSON.stringify(all.rows) || !seen.rowCount)
        throw new Error(`${query.name}: ${seen.rowCount} rows as a tenant, ${all.rowCount} without row-level security`);
    }
    for (const client of clients) await round(client);
    const ratios: number[] = [];
    for (let index = 0; index < ROUNDS; index += 1) {
      // In turn, and each first as often as the other.
      const order = index % 2 === 0 ? [guarded, bare] : [bare, guarded];
      const took = new Map<pg.Client, number>();
      for (const client of order) took.set(client, await round(client));
      ratios.push((took.get(guarded) ?? Number.NaN) / (took.get(bare) ?? Number.NaN));
    }
    return 100 * (median(ratios) - 1);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}
