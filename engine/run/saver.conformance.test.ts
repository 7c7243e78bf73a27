import { deltaChannelHistoryTests, specTest } from '@langchain/langgraph-checkpoint-validation';
import { randomBytes } from 'node:crypto';
import * as vitest from 'vitest';
import { createVault, type Vault } from '#db/sealing/vault.js';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';
import { Journal } from './journal.js';
import { registerWorker } from './lease.js';
import { JournalSaver } from './saver.js';

/** LangGraph's own conformance suite for checkpointers, and its suite for delta channels, against ours. */
const vault = createVault('conformance', { keys: new Map([[1, randomBytes(32)]]), newest: 1, index: randomBytes(32) });
const vaultOf = async (): Promise<Vault> => vault;
let database: TestDatabase;
const ours = {
  checkpointerName: 'JournalSaver',
  // On a busy machine a database takes its time; the suite would give it ten seconds.
  beforeAllTimeout: 120_000,
  async beforeAll() {
    database = await testDatabase();
  },
  async afterAll() {
    await database.close();
  },
  async createCheckpointer() {
    const pool = database.db.engine;
    await pool.query('delete from platform.checkpoints');
    await pool.query('delete from platform.checkpoint_writes');
    const lease = await registerWorker(pool, { id: 'conformance' });
    return new JournalSaver(pool, new Journal(pool, lease, vaultOf), vaultOf);
  },
};

// The suites are written for runners whose functions are global.
const { describe, it, test, expect, beforeAll, afterAll, beforeEach, afterEach } = vitest;
Object.assign(globalThis, { describe, it, test, expect, beforeAll, afterAll, beforeEach, afterEach });

specTest(ours);
deltaChannelHistoryTests(ours);
