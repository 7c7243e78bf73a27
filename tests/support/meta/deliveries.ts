/** Bodies of webhook deliveries as Meta sends them: shapes taken from its published examples. */
export interface DeliveryOptions {
  readonly phoneNumberId: string;
  readonly from?: string;
  readonly name?: string;
  /** Seconds since 1970. */
  readonly timestamp?: number;
}

let sequence = 0;
/** A message id that no other test uses. */
export const wamid = (): string => `wamid.test${process.pid}.${++sequence}`;

const delivery = (phoneNumberId: string, value: Record<string, unknown>): Record<string, unknown> => ({
  object: 'whatsapp_business_account',
  entry: [
    {
      id: '102290129340398',
      changes: [
        {
          value: {
            messaging_product: 'whatsapp',
            metadata: { display_phone_number: '5581999990000', phone_number_id: phoneNumberId },
            ...value,
          },
          field: 'messages',
        },
      ],
    },
  ],
});

/** A delivery of messages given as Meta's message objects, without `from` and `timestamp`. */
export function messagesDelivery(
  options: DeliveryOptions,
  messages: readonly Record<string, unknown>[],
): Record<string, unknown> {
  const {
    phoneNumberId,
    from = '5581988887777',
    name = 'Jéssica',
    timestamp = Math.floor(Date.now() / 1000),
  } = options;
  return delivery(phoneNumberId, {
    contacts: [{ profile: { name }, wa_id: from }],
    messages: messages.map((message) => ({ from, timestamp: String(timestamp), ...message })),
  });
}

export const textDelivery = (options: DeliveryOptions, body: string, id = wamid()): Record<string, unknown> =>
  messagesDelivery(options, [{ id, type: 'text', text: { body } }]);

/** A customer writes a message otherwise: the shape of Meta's own example. */
export const editDelivery = (options: DeliveryOptions, id: string, body: string): Record<string, unknown> =>
  messagesDelivery(options, [
    {
      id: wamid(),
      type: 'edit',
      edit: { original_message_id: id, message: { context: { id: 'M0' }, type: 'text', text: { body } } },
    },
  ]);

/** A customer takes a message back. */
export const revokeDelivery = (options: DeliveryOptions, id: string): Record<string, unknown> =>
  messagesDelivery(options, [{ id: wamid(), type: 'revoke', revoke: { original_message_id: id } }]);

export const statusDelivery = (
  options: DeliveryOptions,
  id: string,
  status: string,
  extra: Record<string, unknown> = {},
): Record<string, unknown> =>
  delivery(options.phoneNumberId, {
    statuses: [
      {
        id,
        status,
        timestamp: String(options.timestamp ?? Math.floor(Date.now() / 1000)),
        recipient_id: options.from ?? '5581988887777',
        ...extra,
      },
    ],
  });
