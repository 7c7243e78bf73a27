import type { Pool } from 'pg';
import type { Contact, Contacts } from '#nodes/sdk/context.js';
import type { JsonObject } from '#nodes/sdk/json.js';
import type { Locale } from '#nodes/sdk/text.js';
import { NodeError } from '#nodes/sdk/errors.js';

interface ContactRow {
  readonly id: string;
  readonly name: string | null;
  readonly locale: Locale | null;
  readonly attributes: JsonObject;
  readonly messageCount: number;
}

export interface ContactsDeps {
  readonly engine: Pool;
  readonly organizationId: string;
  readonly runId: string;
  /** The contact and conversation of the run, if it has one. */
  readonly of: { readonly contactId: string; readonly conversationId: string } | null;
}

/** The customer of the run. */
export function createContacts({ engine, organizationId, runId, of }: ContactsDeps): Contacts {
  const read = async (): Promise<Contact | null> => {
    if (!of) return null;
    const { rows } = await engine.query<ContactRow>({
      name: 'contacts:get',
      text: `select k.id, k.name, k.locale, k.attributes, (select count(*)::int from platform.messages m
          where m.conversation_id = $3 and m.direction = 'in' and m.answered_by is not null and m.answered_by <> $4) as "messageCount"
        from platform.contacts k where k.organization_id = $1 and k.id = $2`,
      values: [organizationId, of.contactId, of.conversationId, runId],
    });
    return rows[0] ?? null;
  };
  return {
    get: read,
    async update({ name, locale, attributes = {} }) {
      const kept = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));
      const removed = Object.keys(attributes).filter((key) => attributes[key] === null);
      if (of) {
        await engine.query(
          `update platform.contacts set name = coalesce($3, name), locale = coalesce($4, locale), attributes = (attributes || $5::jsonb) - $6::text[]
           where organization_id = $1 and id = $2`,
          [organizationId, of.contactId, name ?? null, locale ?? null, JSON.stringify(kept), removed],
        );
      }
      const contact = await read();
      if (contact) return contact;
      throw new NodeError('This run has no customer whose record could be changed.', {
        code: 'no_contact',
        actor: 'author',
        retryable: false,
      });
    },
  };
}
