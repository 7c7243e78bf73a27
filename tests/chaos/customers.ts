import { setTimeout as after } from 'node:timers/promises';
import type { Client } from '#tests/support/client.js';
import { textDelivery } from '#tests/support/meta/deliveries.js';
import { sign } from '#tests/support/meta/graphApi.js';
import { appSecret, phoneNumberId } from './department.js';
import type { Outside } from './outside.js';

/** A customer who wrote once. */
export interface Customer {
  readonly phone: string;
  readonly text: string;
  /** When the platform said 200, in milliseconds since 1970; `null` while it has not. */
  acceptedAt: number | null;
}

/** What a delivery was answered with, if not with 200; 0: no answer. */
export interface Refusal {
  readonly status: number;
  readonly retryAfter: string | null;
}

/** Those who write, as Meta delivers them: signed, under one id, again until it is acknowledged. */
export class Customers {
  readonly all: Customer[] = [];
  readonly refusals: Refusal[] = [];
  constructor(
    private readonly api: Client,
    private readonly outside: Outside,
    private readonly isOver: () => boolean,
  ) {}

  add(): Customer {
    const number = this.all.length + 1;
    const customer = { phone: `55819${80_000_000 + number}`, text: `pedido ${number}`, acceptedAt: null };
    this.all.push(customer);
    return customer;
  }

  /** Resolves when they were promised an answer. */
  async write(customer: Customer): Promise<void> {
    const from = { phoneNumberId, from: customer.phone, name: customer.phone };
    await this.deliver(textDelivery(from, customer.text, `wamid.${customer.phone}`));
    customer.acceptedAt ??= Date.now();
  }

  /** So many new ones, at once and on nobody's time. */
  flock(count: number): Customer[] {
    const customers = Array.from({ length: count }, () => this.add());
    for (const customer of customers) void this.write(customer);
    return customers;
  }

  async deliver(body: unknown): Promise<void> {
    const text = JSON.stringify(body);
    const headers = { 'x-hub-signature-256': sign(text, appSecret) };
    while (!this.isOver()) {
      const reply = await this.api.call('POST', '/webhooks/whatsapp', text, { headers }).catch(() => null);
      if (reply?.status === 200) return;
      this.refusals.push({ status: reply?.status ?? 0, retryAfter: reply?.headers.get('retry-after') ?? null });
      await after(300);
    }
  }

  /** How many were promised an answer and have not had all of it. */
  inFlight(): number {
    const had = new Map<string, number>();
    for (const { to } of this.outside.taken) had.set(to, (had.get(to) ?? 0) + 1);
    return this.all.filter(({ phone, acceptedAt }) => acceptedAt !== null && (had.get(phone) ?? 0) < 2).length;
  }
}
