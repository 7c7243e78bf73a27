import type { Pool } from 'pg';
import { openMaybe, sealMaybe } from '#db/personal.js';
import type { Contact, Contacts } from '#nodes/sdk/context.js';
import type { JsonObject } from '#nodes/sdk/json.js';
import type { Locale } from '#nodes/sdk/text.js';
import { detail } from '#nodes/sdk/details.js';
import { NodeError } from '#nodes/sdk/errors.js';
import { transaction, vaultOf } from '../query.js';

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
  /** The contact and conversation of the run, if it has one; `runId` is the run that answers there. */
  readonly of: { readonly contactId: string; readonly conversationId: string } | null;
  /** Changes are kept to oneself. */
  readonly rehearsal: boolean;
}

/** The customer of the run. */
export function createContacts({ engine, organizationId, runId, of, rehearsal }: ContactsDeps): Contacts {
  const read = async (): Promise<Contact | null> => {
    if (!of) return null;
    const { rows } = await engine.query<ContactRow>({
      name: 'contacts:get',
      text: `select k.id, k.name, k.locale, k.attributes, (select count(*)::int from platform.messages m
          where m.conversation_id = $3 and m.direction = 'in' and m.answered_by is not null and m.answered_by <> $4) as "messageCount"
        from platform.contacts k where k.organization_id = $1 and k.id = $2`,
      values: [organizationId, of.contactId, of.conversationId, runId],
    });
    const [row] = rows;
    if (!row) return null;
    const vault = await vaultOf(engine, organizationId);
    return { ...row, name: openMaybe(vault, row.name), attributes: vault.openJson(row.attributes) as JsonObject };
  };
  /** What is remembered is sealed as a whole, so it is read, changed and written while nobody else does. */
  const write = (contactId: string, { name, locale, kept, removed }: Change): Promise<void> =>
    transaction(engine, async (query) => {
      const [row] = await query<{ attributes: unknown }>(
        'select attributes from platform.contacts where organization_id = $1 and id = $2 for update',
        [organizationId, contactId],
      );
      if (!row) return;
      const vault = await query.vault(organizationId);
      const attributes = changedFacts(vault.openJson(row.attributes) as JsonObject, kept, removed);
      await query(
        `update platform.contacts set name = coalesce($3, name), locale = coalesce($4, locale), attributes = $5::jsonb
         where organization_id = $1 and id = $2`,
        [organizationId, contactId, sealMaybe(vault, name), locale ?? null, vault.sealJson(attributes)],
      );
    });
  return {
    get: read,
    async update({ name, locale, attributes = {} }) {
      const kept = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));
      const removed = Object.keys(attributes).filter((key) => attributes[key] === null);
      if (of && !rehearsal) await write(of.contactId, { name, locale, kept, removed });
      const contact = await read();
      if (contact && rehearsal) return changed(contact, { name, locale, kept, removed });
      if (contact) return contact;
      throw new NodeError(detail('contact.nobody'), {
        code: 'no_contact',
        actor: 'author',
        retryable: false,
      });
    },
  };
}

interface Change {
  readonly name: string | undefined;
  readonly locale: Locale | undefined;
  readonly kept: JsonObject;
  readonly removed: readonly string[];
}

/** What the record would be. */
function changed(contact: Contact, { name, locale, kept, removed }: Change): Contact {
  return {
    ...contact,
    name: name ?? contact.name,
    locale: locale ?? contact.locale,
    attributes: changedFacts(contact.attributes, kept, removed),
  };
}

const changedFacts = (facts: JsonObject, kept: JsonObject, removed: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries({ ...facts, ...kept }).filter(([key]) => !removed.includes(key)));
