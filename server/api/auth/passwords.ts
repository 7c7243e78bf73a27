import { hash, verify } from '@node-rs/argon2';
import { ApiError } from '../../errors.js';

/**
 * argon2id with 64 MiB, 5 passes, 1 lane: 88 ms on 2 shared cores (`npm run bench -- login`), well above OWASP's least (Password Storage
 * Cheat Sheet: 19 MiB, 2 passes), which is enough for suites that make people by the hundred. Runs in libuv's threads, beside the event loop.
 */
const costs = {
  full: { memoryCost: 65_536, timeCost: 5, parallelism: 1 },
  least: { memoryCost: 19_456, timeCost: 2, parallelism: 1 },
} as const;
let cost: keyof typeof costs = 'full';

/** For suites alone. */
export function setHashCost(to: keyof typeof costs): void {
  cost = to;
  decoy = undefined;
}

/** Threads that hash at once: libuv has four, and the others are for files and names. 128 MB at most. */
const AT_ONCE = 2;
/** More than this would wait longer than anybody stays: three seconds. */
const MOST_WAITING = 60;

const waiting: (() => void)[] = [];
let working = 0;

/** A flood of sign-ins waits here, so that it takes neither the memory nor the threads of everything else. Throws `unavailable`. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (working < AT_ONCE) {
    working += 1;
  } else {
    if (waiting.length >= MOST_WAITING) throw new ApiError('unavailable', { retryAfterSeconds: 5 });
    // Whoever is done hands over the place: nobody slips in between.
    await new Promise<void>((go) => waiting.push(go));
  }
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else working -= 1;
  }
}

/** As every keyboard writes it: an é is one character or two. */
const textOf = (password: string): string => password.normalize('NFKC');

export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(textOf(password), costs[cost]));

/** Nobody's, made once: comparing with it takes as long as with a real one. */
let decoy: Promise<string> | undefined;

/** False for a wrong password and, after just as long, for an account that does not exist (`null`) or has no password. */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  decoy ??= hash('nobody has this password', costs[cost]);
  // For everybody alike: the first sign-in after a start must not tell by its time.
  const substitute = await decoy;
  const real = stored?.startsWith('$argon2') ? stored : null;
  const right = await inTurn(() => verify(real ?? substitute, textOf(password)));
  return real !== null && right;
}
