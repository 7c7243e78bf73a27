/** A column that holds what is sealed with the key of its row's organization. */
export interface SealedColumn {
  readonly table: string;
  readonly key: readonly string[];
  readonly column: string;
  /**
   * Any may still be from before it was sealed. `payload`: JSON of which only a part is sealed. `problem`: JSON whose message is. `each`: JSON whose values are, each by itself. `state`: bytes of LangGraph's.
   * `input`: JSON, found by its words. `step`: what stood in columns of its own before. `address`: of a contact, who is found by the index of it.
   */
  readonly type: 'bytes' | 'text' | 'json' | 'payload' | 'problem' | 'each' | 'state' | 'input' | 'step' | 'address';
  readonly where?: string;
}

/** Everything that is sealed with the keys of organizations. A contract test finds the columns of bytes and asks for a line here. */
export const organizationSealed: readonly SealedColumn[] = [
  { table: 'connections', key: ['id'], column: 'sealed_secret', type: 'bytes' },
  { table: 'idempotency_keys', key: ['organization_id', 'key'], column: 'sealed_response', type: 'bytes' },
  { table: 'contacts', key: ['id'], column: 'address', type: 'address' },
  { table: 'contacts', key: ['id'], column: 'name', type: 'text' },
  { table: 'contacts', key: ['id'], column: 'phone', type: 'text' },
  { table: 'contacts', key: ['id'], column: 'attributes', type: 'json' },
  { table: 'conversations', key: ['id'], column: 'handoff_reason', type: 'text' },
  { table: 'conversations', key: ['id'], column: 'handoff_summary', type: 'text' },
  { table: 'messages', key: ['id'], column: 'text', type: 'text' },
  { table: 'messages', key: ['id'], column: 'payload', type: 'payload' },
  // Until it is known what an event means, it is sealed with a key of the platform.
  { table: 'inbound_events', key: ['id'], column: 'payload', type: 'json', where: 'processed_at is not null' },
  { table: 'awaited_events', key: ['id'], column: 'payload', type: 'json' },
  { table: 'runs', key: ['id'], column: 'input', type: 'input' },
  { table: 'runs', key: ['id'], column: 'output', type: 'json' },
  { table: 'runs', key: ['id'], column: 'error', type: 'problem' },
  { table: 'runs', key: ['id'], column: 'failing', type: 'problem' },
  { table: 'runs', key: ['id'], column: 'forked_input', type: 'json' },
  { table: 'runs', key: ['id'], column: 'pins', type: 'each' },
  { table: 'run_steps', key: ['run_id', 'path', 'attempt'], column: 'payload', type: 'step' },
  { table: 'run_steps', key: ['run_id', 'path', 'attempt'], column: 'error', type: 'bytes' },
  { table: 'run_steps', key: ['run_id', 'path', 'attempt'], column: 'whole', type: 'bytes' },
  { table: 'step_packs', key: ['run_id', 'id'], column: 'data', type: 'bytes' },
  { table: 'checkpoints', key: ['thread', 'ns', 'id'], column: 'data', type: 'state' },
  { table: 'checkpoint_writes', key: ['seq'], column: 'data', type: 'state' },
  { table: 'effects', key: ['run_id', 'key'], column: 'result', type: 'bytes' },
  { table: 'waits', key: ['id'], column: 'question', type: 'json' },
  { table: 'waits', key: ['id'], column: 'answer', type: 'json' },
];

/** The type of each in the database. */
export const casts = {
  bytes: 'bytea',
  state: 'bytea',
  step: 'bytea',
  text: 'text',
  address: 'text',
  json: 'jsonb',
  payload: 'jsonb',
  problem: 'jsonb',
  each: 'jsonb',
  input: 'jsonb',
} as const;
/** What is read beside the column, and what of it must be there. */
export const beside: {
  readonly [Type in SealedColumn['type']]?: { readonly columns: string; readonly present: string };
} = {
  address: { columns: ', channel_kind, external_id', present: 'true' },
  step: {
    columns: ', payload, input, output',
    present: '(payload is not null or input is not null or output is not null)',
  },
};
