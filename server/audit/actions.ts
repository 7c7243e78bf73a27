/**
 * All that is written down: `<resource>.<verb>`, each with the only facts that it may say about itself. What is not listed here
 * cannot be recorded by mistake: no secret, no text of a customer, no field that somebody adds to a body later.
 */
export const auditActions = {
  'session.open': ['factor'],
  'session.refuse': ['factor'],
  'session.revoke': ['sessions'],
  'session.close': [],
  'session.switch': [],
  'session.reuse': [],
  'account.update': ['fields'],
  'account.password': ['by'],
  'account.email': ['by'],
  'account.factors': ['change'],
  'organization.create': ['role'],
  'organization.update': ['fields'],
  'organization.transfer': ['from', 'to'],
  'organization.delete': [],
  'organization.rotateKey': ['version'],
  'member.join': ['role', 'departments'],
  'member.update': ['fromRole', 'toRole', 'role', 'departments'],
  'member.remove': ['role'],
  'member.leave': ['role'],
  'invitation.create': ['role', 'departments'],
  'invitation.resend': [],
  'invitation.revoke': [],
  'apiKey.create': ['permissions', 'departments', 'expiresAt'],
  'apiKey.revoke': [],
  'department.create': ['template'],
  'department.update': ['fields', 'status'],
  'department.draft': [],
  'department.publish': ['version'],
  'department.restore': ['version'],
  'department.dismiss': [],
  'comment.create': [],
  'comment.update': [],
  'comment.delete': [],
  'department.propose': [],
  'run.start': ['departmentId', 'version'],
  'run.resume': ['path'],
  'run.cancel': [],
  'run.retry': [],
  'run.fork': ['from', 'step', 'edit', 'version', 'effects'],
  'run.replay': ['from', 'version', 'effects'],
  'run.settleEffect': ['effectId', 'outcome'],
  'channel.connect': ['kind', 'phoneNumberId', 'departmentId'],
  'channel.disconnect': ['kind'],
  'connection.create': ['kind', 'hosts'],
  'connection.update': ['fields'],
  'connection.delete': ['kind', 'force'],
  'connection.test': ['ok'],
  'knowledge.add': ['kind'],
  'knowledge.remove': ['kind'],
  'conversation.answer': [],
  'conversation.assign': [],
  'conversation.release': [],
  'conversation.close': [],
  'privacy.export': ['kind'],
  'privacy.erase': ['kind'],
  'privacy.update': ['fields'],
  'audit.export': ['format', 'filters'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type AuditAction = keyof typeof auditActions;

/** A small fact: a role, a name, a count. Texts are cut after 200 characters, lists after 50 entries. */
export type AuditFact = string | number | boolean | null | readonly string[];
export type AuditDetails<Action extends AuditAction> = {
  readonly [Fact in (typeof auditActions)[Action][number]]?: AuditFact;
};
