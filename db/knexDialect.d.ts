// What knex has and its types do not tell: the parts of its PostgreSQL dialect that `pipelinedClient.ts` builds on.
declare module 'knex/lib/dialects/postgres/index.js' {
  import type { Knex } from 'knex';
  export default Knex.Client;
}

declare module 'knex/lib/dialects/postgres/execution/pg-transaction.js' {
  import type { Client, QueryResult } from 'pg';

  /** One query of a transaction, as knex keeps it. `undefined` where it failed and the transaction was told. */
  type Asked = { readonly response: QueryResult } | undefined;

  export default class Transaction {
    constructor(client: unknown, container: unknown, config: unknown, outerTx: unknown);
    protected begin(connection: Client): Promise<unknown>;
    protected commit(connection: Client, value: unknown): Promise<unknown>;
    protected rollback(connection: Client, error: unknown): Promise<unknown>;
    protected query(connection: Client, sql: string): Promise<Asked>;
    protected _completed: boolean;
    protected readonly _resolver: (value: unknown) => void;
    protected readonly _rejecter: (error: unknown) => void;
  }
}
