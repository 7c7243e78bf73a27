import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { contract, hasContracts } from '#tests/support/contracts.js';

export interface MetaSchema {
  /** Problems of a request to `/{phone number id}/messages`, in words; empty when Meta's schema takes it. */
  request(body: unknown): string[];
  response(body: unknown): string[];
}

/**
 * Meta's published schema (Graph API v23.0, repaired where it contradicts its own examples). One documented field is missing from it:
 * `biz_opaque_callback_data`, text of at most 512 characters. The read receipt is not a `Message` there; its shape is Meta's example.
 */
export function metaSchema(): MetaSchema | null {
  if (!hasContracts) return null;
  const ajv = new Ajv2020({ strict: false, allErrors: true, discriminator: false });
  (formats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema(contract('whatsapp/business-messaging-api_v23.0.repaired.json') as object, 'meta');
  const message = ajv.compile({ $ref: 'meta#/components/schemas/Message' });
  const payload = ajv.compile({ $ref: 'meta#/components/schemas/MessageResponsePayload' });
  const read = ajv.compile({
    type: 'object',
    required: ['messaging_product', 'status', 'message_id'],
    additionalProperties: false,
    properties: {
      messaging_product: { const: 'whatsapp' },
      status: { const: 'read' },
      message_id: { type: 'string', minLength: 1 },
      typing_indicator: { type: 'object', required: ['type'], properties: { type: { const: 'text' } } },
    },
  });
  return {
    request(body) {
      const { biz_opaque_callback_data: opaque, ...rest } = (body ?? {}) as Record<string, unknown>;
      if ('status' in rest) return problems(read, rest);
      const found = problems(message, rest).concat(limits(rest));
      if (opaque !== undefined && !(typeof opaque === 'string' && opaque.length <= 512))
        found.push('biz_opaque_callback_data');
      return found;
    },
    response: (body) => problems(payload, body),
  };
}

const problems = (validate: ValidateFunction, body: unknown): string[] =>
  validate(body) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath || '/'} ${error.message ?? ''}`);

/** Limits that Meta's reference states in words only. */
function limits(body: Record<string, unknown>): string[] {
  const found: string[] = [];
  const check = (fine: boolean, what: string): void => void (fine || found.push(what));
  const text = body['text'] as { body?: string } | undefined;
  if (text) check((text.body ?? '').length >= 1 && (text.body ?? '').length <= 4096, 'text.body 1..4096');
  for (const kind of ['image', 'video', 'audio', 'document']) {
    const media = body[kind] as MediaObject | undefined;
    if (!media) continue;
    check(body['type'] === kind, `type is ${kind}`);
    check(media.id !== undefined || /^https?:\/\/[^/]+/.test(media.link ?? ''), `${kind}.link is an address`);
    check((media.caption ?? '').length <= 1024, `${kind}.caption <= 1024`);
    check(kind !== 'audio' || media.caption === undefined, 'audio has no caption');
    check(kind === 'document' || media.filename === undefined, 'only documents have a filename');
  }
  const interactive = body['interactive'] as
    | {
        header?: { type?: string };
        body?: { text?: string };
        action?: {
          button?: string;
          buttons?: { reply?: { id: string; title: string } }[];
          sections?: { title?: string; rows?: Row[] }[];
        };
      }
    | undefined;
  if (!interactive) return found;
  check(['text', 'image', 'video', 'document'].includes(interactive.header?.type ?? 'text'), 'interactive.header.type');
  check((interactive.body?.text ?? '').length <= 1024, 'interactive.body.text <= 1024');
  const { buttons = [], sections = [] } = interactive.action ?? {};
  check(buttons.length <= 3, 'at most 3 buttons');
  for (const { reply } of buttons)
    check((reply?.title.length ?? 0) <= 20 && (reply?.id.length ?? 0) <= 256, 'button title <= 20, id <= 256');
  check(new Set(buttons.map(({ reply }) => reply?.id)).size === buttons.length, 'button ids are unique');
  const rows = sections.flatMap((section) => section.rows ?? []);
  check(rows.length <= 10, 'at most 10 rows');
  for (const row of rows)
    check(row.title.length <= 24 && row.id.length <= 200 && (row.description ?? '').length <= 72, 'row limits');
  return found;
}
interface MediaObject {
  readonly id?: string;
  readonly link?: string;
  readonly caption?: string;
  readonly filename?: string;
}
interface Row {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
}
