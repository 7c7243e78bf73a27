import { hash, verify } from '@node-rs/argon2';

/** argon2id with OWASP's first choice (Password Storage Cheat Sheet): 19 MiB, 2 passes, 1 lane. Runs beside the event loop. */
const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFKC'), options);

let decoy: Promise<string> | undefined;

/** False for a wrong password and, after just as long, for an account that does not exist (`null`) or has no password. */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody has this password');
  const real = stored?.startsWith('$argon2') ? stored : null;
  const right = await verify(real ?? (await decoy), password.normalize('NFKC'));
  return real !== null && right;
}
