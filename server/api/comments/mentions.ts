import type { Locale } from '#nodes/sdk/text.js';
import type { AppDeps } from '../../deps.js';
import { ApiError } from '../../errors.js';
import type { Session } from '../../plugins/authenticate.js';

interface Reader {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly locale: Locale;
}

/** The people named, who must see the department. Throws `bad_input` for anybody else. */
export async function readersOf(
  { db }: Pick<AppDeps, 'db'>,
  { organizationId }: Session,
  departmentId: string,
  mentions: readonly string[],
): Promise<readonly Reader[]> {
  const wanted = [...new Set(mentions)];
  if (wanted.length === 0) return [];
  const { rows } = await db.withIdentity((trx) =>
    trx.raw<{ rows: Reader[] }>(
      `select u.id, u.name, u.email, o.locale from platform.memberships m
       join platform.users u on u.id = m.user_id join platform.organizations o on o.id = m.organization_id
       where m.organization_id = :organizationId and m.user_id = any (:wanted::uuid[])
         and (m.departments is null or :departmentId = any (m.departments))`,
      { organizationId, wanted, departmentId },
    ),
  );
  if (rows.length === wanted.length) return rows;
  const known = new Set(rows.map(({ id }) => id));
  throw new ApiError('bad_input', {
    details: mentions.flatMap((id, at) =>
      known.has(id) ? [] : [{ path: `mentions.${at}`, message: 'nobody who sees this department' }],
    ),
  });
}

/** Tells them that they were named: a mail each, never to whoever wrote. */
export async function tellReaders(
  { db, mailer }: Pick<AppDeps, 'db' | 'mailer'>,
  session: Session,
  department: { readonly id: string; readonly name: string },
  comment: { readonly id: string; readonly text: string },
  readers: readonly Reader[],
): Promise<void> {
  const others = readers.filter(({ id }) => id !== session.userId);
  if (others.length === 0) return;
  await db.withIdentity(async (trx) => {
    for (const { name, email, locale } of others)
      await mailer.queue(trx, {
        to: email,
        locale,
        template: 'mentioned',
        data: {
          name,
          by: session.name,
          department: department.name,
          departmentId: department.id,
          commentId: comment.id,
          text: comment.text.slice(0, 300),
        },
      });
  });
}
