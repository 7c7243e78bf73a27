import type { Knex } from 'knex';
import { uuidv7 } from 'uuidv7';
import type { Department } from '#db/models/department.js';
import { DepartmentComment } from '#db/models/departmentComment.js';
import type { CommentEvent } from '#engine/graph/events.js';
import { audit } from '../../audit/record.js';
import type { AppDeps } from '../../deps.js';
import { ApiError, found } from '../../errors.js';
import { isAllowed, type Session } from '../../plugins/authenticate.js';
import { findDepartment } from '../departments/find.js';
import { presentAuthor, type Names } from '../departments/present.js';
import { readIdCursor, toPage } from '../paging.js';
import { namesOf } from '../people.js';
import { readersOf, tellReaders } from './mentions.js';
import type {
  CommentPatch,
  CommentView,
  ReplyCreate,
  ThreadCreate,
  ThreadsPage,
  ThreadsQuery,
  ThreadView,
} from './schemas.js';

type Deps = Pick<AppDeps, 'db' | 'bus' | 'mailer'>;

const MOST_REPLIES = 200;

/** Threads of a department, newest first, with their answers. Throws `not_found`. */
export async function listThreads(
  deps: Deps,
  session: Session,
  departmentId: string,
  query: ThreadsQuery,
): Promise<ThreadsPage> {
  const before = readIdCursor(query);
  const { threads, replies } = await deps.db.withOrganization(session, async (trx) => {
    await findDepartment(trx, departmentId);
    const threads = await DepartmentComment.query(trx)
      .where({ departmentId })
      .whereNull('threadId')
      .where((builder) => {
        if (before) void builder.where('id', '<', before);
        if (query.nodeId !== undefined) void builder.where('nodeId', query.nodeId);
        if (query.resolved === 'true') void builder.whereNotNull('resolvedAt');
        if (query.resolved === 'false') void builder.whereNull('resolvedAt');
      })
      .orderBy('id', 'desc')
      .limit(query.limit + 1);
    return { threads, replies: await repliesTo(trx, threads) };
  });
  const names = await namesOf(deps.db, [...threads, ...replies].flatMap(peopleIn));
  return toPage(
    threads,
    query.limit,
    (thread) => presentThread(thread, replies, names),
    ({ id }) => [id],
  );
}

const repliesTo = async (trx: Knex.Transaction, threads: readonly DepartmentComment[]): Promise<DepartmentComment[]> =>
  threads.length === 0
    ? []
    : DepartmentComment.query(trx)
        .whereIn(
          'threadId',
          threads.map(({ id }) => id),
        )
        .orderBy('id')
        .limit(MOST_REPLIES * threads.length);

const peopleIn = ({ authorId, mentions, resolvedBy }: DepartmentComment): (string | null)[] => [
  authorId,
  resolvedBy,
  ...mentions,
];

const presentComment = (comment: DepartmentComment, names: Names): CommentView => ({
  id: comment.id,
  author: presentAuthor(comment.authorId, names),
  text: comment.text,
  mentions: comment.mentions.map((id) => presentAuthor(id, names)),
  createdAt: comment.createdAt.toISOString(),
  editedAt: comment.editedAt?.toISOString() ?? null,
});

const presentThread = (thread: DepartmentComment, replies: readonly DepartmentComment[], names: Names): ThreadView => ({
  ...presentComment(thread, names),
  nodeId: thread.nodeId,
  resolvedAt: thread.resolvedAt?.toISOString() ?? null,
  resolvedBy: thread.resolvedBy === null ? null : presentAuthor(thread.resolvedBy, names),
  replies: replies
    .filter(({ threadId }) => threadId === thread.id)
    .slice(0, MOST_REPLIES)
    .map((reply) => presentComment(reply, names)),
});

/** Begins a thread, at a node or about the whole department. Throws `not_found`, `bad_input` for people who do not see it. */
export const beginThread = (
  deps: Deps,
  session: Session,
  departmentId: string,
  body: ThreadCreate,
): Promise<ThreadView> => write(deps, session, departmentId, body, async () => null);

/** Answers in a thread; one that was resolved is open again. Throws `not_found`, `bad_input`. */
export const reply = (
  deps: Deps,
  session: Session,
  departmentId: string,
  threadId: string,
  body: ReplyCreate,
): Promise<ThreadView> =>
  write(deps, session, departmentId, body, async (trx) => {
    const thread = await findComment(trx, departmentId, threadId);
    if (thread.threadId !== null) throw new ApiError('not_found');
    return thread.$query(trx).patchAndFetch({ resolvedAt: null, resolvedBy: null });
  });

async function write(
  deps: Deps,
  session: Session,
  departmentId: string,
  body: ThreadCreate | ReplyCreate,
  threadFor: (trx: Knex.Transaction) => Promise<DepartmentComment | null>,
): Promise<ThreadView> {
  const { organizationId, userId } = session;
  // First whether the department is there for the caller: whom it is open to is nobody else's business.
  await deps.db.withOrganization(session, (trx) => findDepartment(trx, departmentId));
  const readers = await readersOf(deps, session, departmentId, body.mentions);
  const { department, thread, comment } = await deps.db.withOrganization(session, async (trx) => {
    const department = await findDepartment(trx, departmentId);
    const thread = await threadFor(trx);
    const comment = await DepartmentComment.query(trx).insertAndFetch({
      id: uuidv7(),
      organizationId,
      departmentId,
      threadId: thread?.id ?? null,
      nodeId: thread ? null : 'nodeId' in body ? (body.nodeId ?? null) : null,
      authorId: userId,
      text: body.text,
      mentions: readers.map(({ id }) => id),
    });
    await record(trx, session, department, 'comment.create');
    return { department, thread: thread ?? comment, comment };
  });
  await tellReaders(deps, session, department, comment, readers);
  announce(deps, session, thread, comment, 'created');
  return readThread(deps, session, thread.id);
}

const record = (
  trx: Knex.Transaction,
  session: Session,
  { id, name }: Department,
  action: 'comment.create' | 'comment.update' | 'comment.delete',
): Promise<void> => audit(trx, session, { action, target: { type: 'department', id, name } });

async function readThread(deps: Deps, session: Session, id: string): Promise<ThreadView> {
  const { thread, replies } = await deps.db.withOrganization(session, async (trx) => {
    const thread = found(await DepartmentComment.query(trx).findById(id));
    return { thread, replies: await repliesTo(trx, [thread]) };
  });
  return presentThread(thread, replies, await namesOf(deps.db, [thread, ...replies].flatMap(peopleIn)));
}

async function findComment(trx: Knex.Transaction, departmentId: string, id: string): Promise<DepartmentComment> {
  return found(await DepartmentComment.query(trx).findOne({ id, departmentId }).forUpdate());
}

function announce(
  { bus }: Deps,
  { organizationId }: Session,
  thread: DepartmentComment,
  comment: DepartmentComment,
  change: CommentEvent['comment']['change'],
): void {
  const { id, departmentId, mentions } = comment;
  bus.publish(organizationId, {
    type: 'comment',
    comment: { id, departmentId, threadId: thread.id, nodeId: thread.nodeId, mentions, change },
  });
}

/** Another text for one's own comment; a thread resolved or open again, by whoever may comment. Throws `not_found`, `forbidden`. */
export async function patchComment(
  deps: Deps,
  session: Session,
  departmentId: string,
  id: string,
  patch: CommentPatch,
): Promise<ThreadView> {
  const { thread, comment } = await deps.db.withOrganization(session, async (trx) => {
    const department = await findDepartment(trx, departmentId);
    const comment = await findComment(trx, departmentId, id);
    if (patch.text !== undefined && comment.authorId !== session.userId) throw new ApiError('forbidden');
    if (patch.resolved !== undefined && comment.threadId !== null) throw new ApiError('not_found');
    const changed = await comment.$query(trx).patchAndFetch({
      ...(patch.text !== undefined && { text: patch.text, editedAt: new Date() }),
      ...(patch.resolved !== undefined && {
        resolvedAt: patch.resolved ? new Date() : null,
        resolvedBy: patch.resolved ? session.userId : null,
      }),
    });
    await record(trx, session, department, 'comment.update');
    const thread = changed.threadId ? await findComment(trx, departmentId, changed.threadId) : changed;
    return { thread, comment: changed };
  });
  const change = patch.resolved === undefined ? 'changed' : patch.resolved ? 'resolved' : 'reopened';
  announce(deps, session, thread, comment, change);
  return readThread(deps, session, thread.id);
}

/**
 * Takes one's own comment away; those who may edit the department take any. A thread that others have answered goes with their answers,
 * so only the latter may end it. Throws `not_found`, `forbidden`.
 */
export async function deleteComment(deps: Deps, session: Session, departmentId: string, id: string): Promise<void> {
  const { thread, comment } = await deps.db.withOrganization(session, async (trx) => {
    const department = await findDepartment(trx, departmentId);
    const comment = await findComment(trx, departmentId, id);
    if (!isAllowed(session, 'departments:write')) {
      if (comment.authorId !== session.userId) throw new ApiError('forbidden');
      const others = await DepartmentComment.query(trx)
        .where({ threadId: id })
        .whereNot({ authorId: session.userId })
        .resultSize();
      if (others > 0) throw new ApiError('forbidden');
    }
    const thread = comment.threadId ? await findComment(trx, departmentId, comment.threadId) : comment;
    await comment.$query(trx).delete();
    await record(trx, session, department, 'comment.delete');
    return { thread, comment };
  });
  announce(deps, session, thread, comment, 'deleted');
}
