import { randomUUID } from 'node:crypto';
import { vi } from 'vitest';
import type { Session } from '#server/api/auth/schemas.js';
import type { TestApp } from './app.js';

export const password = 'pão quentinho às 6';

/** The token in the newest mail of a kind to an address, as its reader finds it. */
export async function mailed(server: Pick<TestApp, 'db'>, to: string, template: string): Promise<string> {
  return vi.waitFor(async () => {
    const { rows } = await server.db.withIdentity((trx) =>
      trx.raw<{ rows: { body: string }[] }>(
        'select body from platform.emails where recipient = ? and template = ? order by id desc limit 1',
        [to, template],
      ),
    );
    const token = /#token=([\w-]{43})/.exec(rows[0]?.body ?? '')?.[1];
    if (!token) throw new Error(`no ${template} for ${to}`);
    return token;
  }, 60_000);
}

/** A new person who joins the organization of `host` by invitation. */
export async function join(server: TestApp, host: Session, role: 'admin' | 'member' | 'viewer'): Promise<Session> {
  const email = `${randomUUID()}@example.com`;
  const invited = await server.call('POST', '/organizations/current/invitations', { as: host, body: { email, role } });
  if (invited.status !== 201) throw new Error(`invite answered ${invited.status}: ${JSON.stringify(invited.body)}`);
  const token = await mailed(server, email, 'invitation');
  const joined = await server.call('POST', '/auth/invitations/join', { body: { token, name: 'Ana', password } });
  if (joined.status !== 201) throw new Error(`join answered ${joined.status}: ${JSON.stringify(joined.body)}`);
  return joined.body as Session;
}
