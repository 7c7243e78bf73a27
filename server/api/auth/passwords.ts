import { hash, verify } from '@node-rs/argon2';
import { ApiError } from '../../errors.js';

/**
 * argon2id with 64 MiB, 4 passes, 1 lane: about 100 ms on the smallest machine we run on, and well above OWASP's least (Password Storage Cheat
 * Sheet: 19 MiB, 2 passes). Runs beside the event loop.
 */
const options = { memoryCost: 65_536, timeCost: 4, parallelism: 1 } as const;

/** Threads that hash at once: the others of the pool are for files and names. */
const AT_ONCE = 2;
/** More than this would wait longer than anybody stays. */
const MOST_WAITING = 60;

const waiting: (() => void)[] = [];
let working = 0;

/** A flood of sign-ins waits here, so that it takes neither the memory nor the threads of everything else. Throws `unavailable`. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (working >= AT_ONCE) {
    if (waiting.length >= MOST_WAITING) throw new ApiError('unavailable', { retryAfterSeconds: 5 });
    await new Promise<void>((go) => waiting.push(go));
  }
  working += 1;
  try {
    return await work();
  } finally {
    working -= 1;
    waiting.shift()?.();
  }
}

export const hashPassword = (password: string): Promise<string> =>
  inTurn(() => hash(password.normalize('NFKC'), options));

let decoy: Promise<string> | undefined;

/** False for a wrong password and, after just as long, for an account that does not exist (`null`) or has no password. */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody has this password');
  const real = stored?.startsWith('$argon2') ? stored : null;
  const against = real ?? (await decoy);
  const right = await inTurn(() => verify(against, password.normalize('NFKC')));
  return real !== null && right;
}
