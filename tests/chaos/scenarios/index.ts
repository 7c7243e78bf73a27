import { effects } from './effects.js';
import { inbound } from './inbound.js';
import { model } from './model.js';
import { network } from './network.js';
import { postgres } from './postgres.js';
import { redis } from './redis.js';
import type { Scenario } from './scenario.js';
import { tenants } from './tenants.js';
import { workers } from './workers.js';

export const scenarios: readonly Scenario[] = [
  ...workers,
  ...effects,
  ...redis,
  ...postgres,
  ...network,
  ...inbound,
  ...model,
  ...tenants,
];
