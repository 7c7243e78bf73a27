import { mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.js';
import { loadMasterKeys, nextMasterKeys } from './masterKey.js';

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
    ['HEALTH_PORT', { HEALTH_PORT: 'none' }],
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

describe('loadMasterKeys', () => {
  it('makes one key for a data directory, readable by its owner alone', async () => {
    const dataDir = join(await mkdtemp(join(tmpdir(), 'key-')), 'data');
    const [first, second] = await Promise.all(
      [1, 2].map(() => loadMasterKeys({ masterKey: null, previousMasterKey: null, dataDir })),
    );
    expect(first?.current).toHaveLength(32);
    expect(second).toEqual(first);
    expect((await stat(join(dataDir, 'master.key'))).mode & 0o777).toBe(0o600);
  });

  it('prefers MASTER_KEY', async () => {
    const config = readConfig({ ...services, DATA_DIR: '/nowhere' });
    expect(await loadMasterKeys(config)).toEqual({ current: Buffer.alloc(32, 7), previous: null });
    const previous = Buffer.alloc(32, 8);
    const both = readConfig({ ...services, MASTER_KEY_PREVIOUS: previous.toString('base64') });
    expect(await loadMasterKeys(both)).toEqual({ current: Buffer.alloc(32, 7), previous });
  });

  it('knows both files while one takes over from the other, also after a crash in between', async () => {
    const config = { masterKey: null, previousMasterKey: null, dataDir: await mkdtemp(join(tmpdir(), 'key-')) };
    const before = (await loadMasterKeys(config)).current;
    const { keys } = await nextMasterKeys(config);
    expect(keys.previous).toEqual(before);
    expect(await loadMasterKeys(config)).toEqual(keys);
    const { keys: again, accept } = await nextMasterKeys(config);
    expect(again).toEqual(keys);
    await accept();
    expect(await loadMasterKeys(config)).toEqual({ current: keys.current, previous: null });
  });
});
