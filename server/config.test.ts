import { mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.js';
import { loadMasterKey } from './masterKey.js';

const key = Buffer.alloc(32, 7).toString('base64');
const services = {
  DATABASE_URL: 'postgresql://app:hunter2@db/app',
  REDIS_URL: 'redis://:hunter3@redis:6379',
  MASTER_KEY: key,
};

describe('readConfig', () => {
  it('needs nothing in embedded mode', () => {
    expect(readConfig({})).toMatchObject({
      mode: 'embedded',
      port: 3000,
      host: '127.0.0.1',
      role: 'all',
      openai: null,
    });
  });

  it('takes an empty variable for an absent one', () => {
    expect(readConfig({ PORT: '', OPENAI_API_KEY: '' })).toMatchObject({ port: 3000, openai: null });
  });

  it.each([
    ['PORT', { PORT: 'eighty' }],
    ['PORT', { PORT: '70000' }],
    ['ROLE', { ROLE: 'boss' }],
    ['SENDGRID_FROM', { SENDGRID_API_KEY: 'SG.hunter4' }],
    ['SENDGRID_FROM', { SENDGRID_API_KEY: 'SG.hunter4', SENDGRID_FROM: 'nobody' }],
    ['SENDGRID_BASE_URL', { SENDGRID_BASE_URL: 'sendgrid' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'example.com' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'javascript:alert(1)' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://x' }],
    ['DATABASE_URL', { REDIS_URL: 'redis://x' }],
    ['DATABASE_URL', { ROLE: 'worker' }],
    ['REDIS_URL', { ...services, REDIS_URL: undefined, ROLE: 'api' }],
    ['MASTER_KEY', { ...services, MASTER_KEY: undefined }],
    ['MASTER_KEY', { MASTER_KEY: 'c2hvcnQ=' }],
    ['EGRESS_ALLOW', { EGRESS_ALLOW: '10.0.0.0/8, http://crm.internal' }],
    ['EGRESS_ALLOW', { EGRESS_ALLOW: '10.0.0.0/40' }],
    ['RATE_LIMIT', { RATE_LIMIT: '-1' }],
  ])('names %s in one line when it is wrong', (name, env) => {
    const read = () => readConfig(env);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(new RegExp(`^${name}: [^\\n]+$`));
  });

  it('never puts a wrong value into the line', () => {
    expect(() => readConfig({ MASTER_KEY: 'my-master-key' })).not.toThrow(/my-master-key/);
  });

  it('prints no secret', () => {
    const config = readConfig({ ...services, META_APP_SECRET: 'hunter4', OPENAI_API_KEY: 'hunter5' });
    for (const printed of [inspect(config, { depth: 9 }), JSON.stringify(config), String(config.databaseUrl)]) {
      expect(printed).not.toMatch(/hunter|BwcH/);
    }
    expect(config.databaseUrl?.reveal()).toBe(services.DATABASE_URL);
  });
});

describe('loadMasterKey', () => {
  it('makes one key for a data directory, readable by its owner alone', async () => {
    const dataDir = join(await mkdtemp(join(tmpdir(), 'key-')), 'data');
    const [first, second] = await Promise.all([1, 2].map(() => loadMasterKey({ masterKey: null, dataDir })));
    expect(first).toHaveLength(32);
    expect(second).toEqual(first);
    expect((await stat(join(dataDir, 'master.key'))).mode & 0o777).toBe(0o600);
  });

  it('prefers MASTER_KEY', async () => {
    const { masterKey } = readConfig(services);
    expect(await loadMasterKey({ masterKey, dataDir: '/nowhere' })).toEqual(Buffer.alloc(32, 7));
  });
});
