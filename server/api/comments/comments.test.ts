import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LiveEvent } from '#engine/graph/events.js';
import { buildTestApp, type TestApp } from '#tests/support/app.js';
import { join } from '#tests/support/people.js';
import type { Session } from '../auth/schemas.js';

let server: TestApp;
let owner: Session;
let member: Session;
let viewer: Session;
let department: string;
beforeAll(async () => {
  server = await buildTestApp();
  owner = await server.register();
  member = await join(server, owner, 'member');
  viewer = await join(server, owner, 'viewer');
  const { body } = await server.call('POST', '/departments', {
    as: owner,
    body: { name: 'Balcão', template: 'customer-service' },
  });
  department = body.id;
});
afterAll(() => server.close());

const at = (path = '') => `/departments/${department}/comments${path}`;
const post = (as: Session, path: string, body: unknown) => server.call('POST', path, { as, body });
const list = async (query = '') => (await server.call('GET', at(query), { as: viewer })).body.items;
const mailsTo = async (email: string) =>
  (
    await server.db.withIdentity((trx) =>
      trx.raw(`select subject, body from platform.emails where recipient = ? and template = 'mentioned'`, [email]),
    )
  ).rows;

describe('comments', () => {
  it('are said at a node, answered, resolved, and open again with the next answer; everybody is told', async () => {
    const heard: LiveEvent[] = [];
    const stop = server.bus.subscribe(owner.organization.id, (event) => event.type === 'comment' && heard.push(event));
    const begun = await post(member, at(), { text: ' Falta o domingo ', nodeId: 'answer', mentions: [owner.user.id] });
    expect(begun).toMatchObject({
      status: 201,
      body: {
        text: 'Falta o domingo',
        nodeId: 'answer',
        author: { id: member.user.id, name: 'Ana' },
        mentions: [{ id: owner.user.id, name: 'Lúcia' }],
        replies: [],
        resolvedAt: null,
      },
    });
    const { id } = begun.body;
    const resolve = await server.call('PATCH', at(`/${id}`), { as: owner, body: { resolved: true } });
    expect(resolve.body).toMatchObject({ resolvedBy: { id: owner.user.id, name: 'Lúcia' } });
    expect(await list('?resolved=false')).toEqual([]);
    expect((await list('?resolved=true&nodeId=answer')).map((thread: { id: string }) => thread.id)).toEqual([id]);
    const answered = await post(owner, at(`/${id}/replies`), { text: 'Pus agora' });
    expect(answered.body).toMatchObject({ resolvedAt: null, replies: [{ text: 'Pus agora' }] });
    expect(heard.map((event) => event.type === 'comment' && [event.comment.change, event.comment.threadId])).toEqual([
      ['created', id],
      ['resolved', id],
      ['created', id],
    ]);
    stop();
  });

  it('send a mail to who is named, once, and none to oneself', async () => {
    const { body: begun } = await post(owner, at(), {
      text: 'Veja <b>isto</b>',
      mentions: [member.user.id, member.user.id, owner.user.id],
    });
    const mails = await mailsTo(member.user.email);
    expect(mails).toHaveLength(1);
    expect(mails[0].subject).toContain('Balcão');
    expect(mails[0].body).toContain(`/departments/${department}/edit?comment=${begun.id}`);
    expect(await mailsTo(owner.user.email)).toHaveLength(1);
  });

  it('name nobody who does not see the department', async () => {
    const stranger = await server.register('Outra');
    const answer = await post(owner, at(), { text: 'Oi', mentions: [stranger.user.id] });
    expect(answer).toMatchObject({ status: 400, body: { error: { details: [{ path: 'mentions.0' }] } } });
    expect((await post(stranger, at(), { text: 'Oi' })).status).toBe(404);
    expect((await server.call('GET', at(), { as: stranger })).status).toBe(404);
  });

  it('are changed by who wrote them, taken away by them or who edits, and only read by viewers', async () => {
    const { id } = (await post(member, at(), { text: 'Meu' })).body;
    const patch = (as: Session, body: object) => server.call('PATCH', at(`/${id}`), { as, body });
    expect((await patch(owner, { text: 'Não' })).status).toBe(403);
    expect((await patch(member, { text: 'Meu mesmo' })).body).toMatchObject({ text: 'Meu mesmo' });
    expect((await post(viewer, at(), { text: 'Oi' })).status).toBe(403);
    const remove = (as: Session, comment: string) => server.call('DELETE', at(`/${comment}`), { as });
    const answer = (await post(owner, at(`/${id}/replies`), { text: 'Resposta' })).body.replies[0].id;
    expect((await remove(member, answer)).status).toBe(403);
    expect((await remove(member, id)).status).toBe(403);
    expect((await post(owner, at(`/${answer}/replies`), { text: 'x' })).status).toBe(404);
    expect((await remove(owner, answer)).status).toBe(204);
    expect((await remove(member, id)).status).toBe(204);
    expect((await remove(member, id)).status).toBe(404);
  });

  it('stay through versions, and go with the department', async () => {
    const before = await list();
    await post(owner, `/departments/${department}/publish`, {});
    await post(owner, `/departments/${department}/versions/1/restore`, {});
    expect(await list()).toEqual(before);
    expect(before.length).toBeGreaterThan(0);
    await server.call('DELETE', `/departments/${department}`, { as: owner });
    const rows = await server.db.withOrganization(owner.organization.id, (trx) =>
      trx('platform.department_comments').select('id'),
    );
    expect(rows).toEqual([]);
  });
});
