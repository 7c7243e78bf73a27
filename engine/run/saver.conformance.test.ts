import { deltaChannelHistoryTests, specTest } from '@langchain/langgraph-checkpoint-validation';
import * as vitest from 'vitest';
import { testDatabase, type TestDatabase } from '#tests/support/database.js';
import { Journal } from './journal.js';
import { registerWorker } from './lease.js';
import { JournalSaver } from './saver.js';

/** LangGraph's own conformance suite for checkpointers, and its suite for delta channels, against ours. */
let database: TestDatabase;
const ours = {
  checkpointerName: 'JournalSaver',
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
    return new JournalSaver(pool, new Journal(pool, await registerWorker(pool, { id: 'conformance' })));
  },
};

// The suites are written for runners whose functions are global.
const { describe, it, test, expect, beforeAll, afterAll, beforeEach, afterEach } = vitest;
Object.assign(globalThis, { describe, it, test, expect, beforeAll, afterAll, beforeEach, afterEach });

specTest(ours);
deltaChannelHistoryTests(ours);
