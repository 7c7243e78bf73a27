import { resolve } from 'node:path';
import { z } from 'zod';
import { parseAllow, type AllowEntry } from '#engine/egress/allow.js';
import { Secret } from './secret.js';

/** A setting that stops the start. `message` is one line that names it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const secret = z
  .string()
  .min(1)
  .transform((value) => new Secret(value));
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).transform(trimSlash);
const key = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}=$/, 'must be 32 bytes in base64 (make one with: openssl rand -base64 32)')
  .transform((value) => new Secret(Buffer.from(value, 'base64')));

const whole = (min: number, max: number) => z.coerce.number('must be a whole number').int().min(min).max(max);

const settings = z.object({
  PORT: whole(0, 65_535).default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  HEALTH_PORT: whole(0, 65_535).optional(),
  PUBLIC_URL: httpUrl.optional(),
  DATA_DIR: z
    .string()
    .min(1)
    .default('.data')
    .transform((path) => resolve(path)),
  ROLE: z.enum(['all', 'api', 'worker']).default('all'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// address' })
    .transform((value) => new Secret(value))
    .optional(),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// address' })
    .transform((value) => new Secret(value))
    .optional(),
  MASTER_KEY: key.optional(),
  MASTER_KEY_PREVIOUS: key.optional(),
  META_APP_SECRET: secret.optional(),
  META_VERIFY_TOKEN: secret.optional(),
  META_GRAPH_URL: httpUrl.default('https://graph.facebook.com'),
  OPENAI_API_KEY: secret.optional(),
  OPENAI_BASE_URL: httpUrl.optional(),
  OPENAI_REQUESTS_PER_MINUTE: whole(1, 10_000_000).optional(),
  OPENAI_TOKENS_PER_MINUTE: whole(1, 1_000_000_000).optional(),
  OPENAI_CONCURRENCY: whole(1, 10_000).optional(),
  REAIS_PER_DOLLAR: z.coerce.number('must be a number').positive().max(1_000).default(5.5),
  SENDGRID_API_KEY: secret.optional(),
  SENDGRID_FROM: z.email('must be an e-mail address').optional(),
  SENDGRID_BASE_URL: httpUrl.default('https://api.sendgrid.com'),
  /** Hosts and address ranges, each with or without a port, that outgoing requests may reach besides public addresses. */
  EGRESS_ALLOW: z
    .string()
    .default('')
    .transform((text, context) => {
      try {
        return parseAllow(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
        return z.NEVER;
      }
    }),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** Addresses (CIDRs, comma separated) of the proxies whose X-Forwarded-For is believed; nobody's when absent. */
  TRUST_PROXY: z.string().min(1).optional(),
  /**
   * Requests a minute from one address to the API, and of one organization; a part of it for one caller's writes and for what is expensive. 0 is
   * without limit. Guesses at passwords and codes are limited whatever it says.
   */
  RATE_LIMIT: whole(0, 10_000_000).default(6_000),
});

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Where a process that only works answers `/healthz` and `/readyz`; `null`: nowhere. An API does so on `port`. */
  readonly healthPort: number | null;
  /** Where browsers reach us, without a slash at the end; `null` when that is simply the address we listen on. */
  readonly publicUrl: string | null;
  /** Absolute. */
  readonly dataDir: string;
  readonly role: 'all' | 'api' | 'worker';
  /** `embedded`: one process on the stores in `dataDir`. `services`: PostgreSQL from `databaseUrl`. */
  readonly mode: 'embedded' | 'services';
  readonly databaseUrl: Secret<string> | null;
  readonly redisUrl: Secret<string> | null;
  /** 32 bytes. `null` in embedded mode without MASTER_KEY: `loadMasterKey` keeps one in `dataDir`. */
  readonly masterKey: Secret<Buffer> | null;
  /** The one before, while everything is being sealed anew. */
  readonly previousMasterKey: Secret<Buffer> | null;
  readonly meta: {
    readonly appSecret: Secret<string> | null;
    readonly verifyToken: Secret<string> | null;
    readonly graphUrl: string;
  };
  readonly openai: { readonly apiKey: Secret<string>; readonly baseUrl: string | null } | null;
  /** What OpenAI takes under the platform's key; absent where only its own word counts. */
  readonly openaiLimits: {
    readonly requestsPerMinute?: number;
    readonly tokensPerMinute?: number;
    readonly concurrency?: number;
  };
  /** What a dollar of the providers counts against budgets in reais. */
  readonly reaisPerDollar: number;
  /** `null`: mails stay in the outbox. */
  readonly sendGrid: {
    readonly apiKey: Secret<string>;
    readonly from: string;
    readonly baseUrl: string;
  } | null;
  /** What outgoing requests of tenants may reach besides public addresses. */
  readonly egressAllow: readonly AllowEntry[];
  readonly logLevel: string;
  readonly trustProxy: string | null;
  /** Requests a minute and address; 0 is without limit. */
  readonly rateLimit: number;
}

/**
 * Reads every setting from the environment. An empty variable counts as absent.
 * Throws `ConfigError` with one line for the first setting that is missing or wrong; its value is never in the line.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigError(`${issue?.path.join('.')}: ${issue?.message}`);
  }
  const s = parsed.data;
  if (s.REDIS_URL && !s.DATABASE_URL) throw new ConfigError('DATABASE_URL: required when REDIS_URL is set');
  if (s.ROLE !== 'all' && !s.DATABASE_URL) throw new ConfigError(`DATABASE_URL: required with ROLE=${s.ROLE}`);
  if (s.ROLE !== 'all' && !s.REDIS_URL) throw new ConfigError(`REDIS_URL: required with ROLE=${s.ROLE}`);
  if (s.DATABASE_URL && !s.MASTER_KEY) {
    throw new ConfigError(
      'MASTER_KEY: required with DATABASE_URL: 32 bytes in base64 (make one with: openssl rand -base64 32)',
    );
  }
  if (s.MASTER_KEY_PREVIOUS && !s.MASTER_KEY) {
    throw new ConfigError('MASTER_KEY: required with MASTER_KEY_PREVIOUS: the key that takes its place');
  }
  if (s.SENDGRID_API_KEY && !s.SENDGRID_FROM) {
    throw new ConfigError('SENDGRID_FROM: required with SENDGRID_API_KEY: the address that mails come from');
  }
  return {
    port: s.PORT,
    host: s.HOST,
    healthPort: s.HEALTH_PORT ?? null,
    publicUrl: s.PUBLIC_URL ?? null,
    dataDir: s.DATA_DIR,
    role: s.ROLE,
    mode: s.DATABASE_URL ? 'services' : 'embedded',
    databaseUrl: s.DATABASE_URL ?? null,
    redisUrl: s.REDIS_URL ?? null,
    masterKey: s.MASTER_KEY ?? null,
    previousMasterKey: s.MASTER_KEY_PREVIOUS ?? null,
    meta: {
      appSecret: s.META_APP_SECRET ?? null,
      verifyToken: s.META_VERIFY_TOKEN ?? null,
      graphUrl: s.META_GRAPH_URL,
    },
    openai: s.OPENAI_API_KEY ? { apiKey: s.OPENAI_API_KEY, baseUrl: s.OPENAI_BASE_URL ?? null } : null,
    openaiLimits: {
      ...(s.OPENAI_REQUESTS_PER_MINUTE && { requestsPerMinute: s.OPENAI_REQUESTS_PER_MINUTE }),
      ...(s.OPENAI_TOKENS_PER_MINUTE && { tokensPerMinute: s.OPENAI_TOKENS_PER_MINUTE }),
      ...(s.OPENAI_CONCURRENCY && { concurrency: s.OPENAI_CONCURRENCY }),
    },
    reaisPerDollar: s.REAIS_PER_DOLLAR,
    sendGrid:
      s.SENDGRID_API_KEY && s.SENDGRID_FROM
        ? { apiKey: s.SENDGRID_API_KEY, from: s.SENDGRID_FROM, baseUrl: s.SENDGRID_BASE_URL }
        : null,
    egressAllow: s.EGRESS_ALLOW,
    logLevel: s.LOG_LEVEL,
    trustProxy: s.TRUST_PROXY ?? null,
    rateLimit: s.RATE_LIMIT,
  };
}

function trimSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
