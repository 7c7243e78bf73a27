import type { Knex } from 'knex';
import PostgresClient from 'knex/lib/dialects/postgres/index.js';
import PostgresTransaction from 'knex/lib/dialects/postgres/execution/pg-transaction.js';
import type { Client, QueryConfig } from 'pg';
import { isReadOnly } from './errors.js';

/** How a transaction begins: what is asked before anything of its own. */
export interface BeginsWith extends Knex.TransactionConfig {
  readonly first: QueryConfig;
}

/**
 * A transaction whose beginning travels with its first statement: three ways to the database become one. They are answered in order, so nothing of the
 * transaction is done before `first` is, and nothing at all when that fails. A commit that the database made a rollback is an error.
 */
class PipelinedTransaction extends PostgresTransaction {
  private readonly first: QueryConfig | undefined;
  private failure: Error | undefined;

  constructor(client: unknown, container: unknown, config: Partial<BeginsWith>, outerTx: unknown) {
    super(client, container, config, outerTx);
    this.first = config.first;
  }

  protected override begin(connection: Client): Promise<unknown> {
    // What it fails with, the transaction fails with: `query` tells it.
    void this.query(connection, 'begin');
    if (this.first) {
      connection.query(this.first, (error: Error | null) => {
        if (error) this.failure = error;
      });
    }
    return Promise.resolve();
  }

  protected override async commit(connection: Client, value: unknown): Promise<unknown> {
    const committed = this.query(connection, 'commit');
    this._completed = true;
    const asked = await committed;
    if (asked?.response.command === 'COMMIT') this._resolver(value);
    // Said already where the commit itself failed, and then this is not heard.
    else this._rejecter(this.failure ?? new Error('A statement of the transaction had failed'));
    return asked;
  }

  /** What failed first is the reason, not that everything after it was refused. */
  protected override rollback(connection: Client, error: unknown): Promise<unknown> {
    const reason = this.failure ?? error;
    // The pool lends it to nobody any more.
    if (isReadOnly(reason)) Object.assign(connection, { __knex__disposed: reason });
    return super.rollback(connection, reason);
  }
}

/** Knex on connections whose statements need not wait for each other's answers. Needs `pipeline: true` in its connection's settings. */
export class PipelinedClient extends PostgresClient {
  override transaction(container: unknown, config: unknown, outerTx: unknown): Knex.Transaction {
    const transaction = new PipelinedTransaction(this, container, config ?? {}, outerTx);
    return transaction as unknown as Knex.Transaction;
  }
}
