import { expect, vi } from 'vitest';
import { leaveToPerson } from '#engine/worker/conversation/unanswered.js';
import { transaction } from '#engine/worker/query.js';
import { editDelivery, messagesDelivery, revokeDelivery, statusDelivery, wamid } from '../meta/deliveries.js';
import { chain, type BenchOrganization, type WorkerBench } from '../worker.js';
import { Model } from './model.js';
import { pairs, type Plan, type Step, type Way } from './plan.js';
import { recordOf, sentFrom, verdict, type Stage } from './verdict.js';

type Delivery = Record<string, unknown>;

/** Of the workers: what one leaves behind is taken up soon. */
export const settings = { drainMs: 0, leaseMs: 3_000 } as const;

/** Plays a plan on a department that answers what it is told, behind a gate, and holds what comes of it against the model. */
export class Play {
  readonly #model: Model;
  readonly #numbers: readonly string[];
  readonly #stage: Stage;
  readonly #bodies: Delivery[] = [];
  readonly #untold: string[] = [];
  readonly #reported = new Map<string, string[]>();
  readonly #wrong: string[] = [];
  #names = 0;
  /** The message that each of them writes next: it may be changed before it comes. */
  readonly #coming: { readonly id: string; readonly name: string }[];
  #clock = Math.floor(Date.now() / 1000) - 10_000;
  #arrivals = 0;
  #paused = false;
  #restless = true;

  private constructor(
    private readonly bench: WorkerBench,
    private readonly bakery: BenchOrganization,
    second: string,
    private readonly plan: Plan,
  ) {
    this.#model = new Model(plan.queue || plan.asks, plan.asks);
    this.#numbers = [bakery.phoneNumberId, second];
    this.#stage = { bench, bakery, numbers: this.#numbers };
    this.#coming = pairs.map(() => this.#name());
  }

  static async open(bench: WorkerBench, plan: Plan): Promise<Play> {
    const bakery = await bench.organization();
    const second = `${bakery.phoneNumberId}1`;
    await bench.db.withOrganization(bakery.id, async (trx) => {
      await trx.raw('update platform.organizations set replies_per_minute = 60');
      await trx.raw(
        `insert into platform.channels (id, organization_id, department_id, kind, external_id, connection_id, name)
         select gen_random_uuid(), organization_id, department_id, kind, ?, connection_id, name from platform.channels where external_id = ?`,
        [second, bakery.phoneNumberId],
      );
    });
    const echo: [string, string, object][] = plan.asks
      ? [
          ['ask', 'human.ask', { question: 'Sim?\n{{ trigger.text }}' }],
          ['reply', 'channel.send', { text: 'Certo.\n{{ steps.ask.text }}' }],
        ]
      : [['reply', 'channel.send', { text: '{{ trigger.text }}' }]];
    const trigger = plan.queue ? { onNewMessage: 'queue' } : {};
    const answering = chain([['start', 'trigger.whatsapp', trigger], ['gate', 'test.gate'], ...echo], {
      burstWindowMs: plan.burstWindowMs,
    });
    const media = { id: 'media', from: { node: 'start', port: 'media' }, to: { node: 'gate', port: 'in' } };
    await bakery.publish({ ...answering, edges: [...answering.edges, media] });
    bench.gate.open();
    return new Play(bench, bakery, second, plan);
  }

  /** What was not as it must be; empty when all was. */
  async run(): Promise<readonly string[]> {
    for (const step of this.plan.steps) if (this.#wrong.length === 0) await this.#take(step);
    await this.#rest();
    // What is still awaited is given up when it is old enough; the messages may come even later.
    const old = await this.bench.rows<{ eventId: string }>(
      `update platform.inbound_events set received_at = now() - interval '3 minutes' where processed_at is null and channel_external_id = any($1) returning id as "eventId"`,
      [this.#numbers],
    );
    await this.bench.queues.addMany('inbound', old);
    await this.#quiet(0);
    if (old.length > 0) {
      const last = { does: 'write', count: 1, kind: 'text', way: 'told', later: 1 } as const;
      for (const pair of pairs.keys()) await this.#write({ ...last, pair });
      await this.#rest();
    }
    if (this.#wrong.length > 0 && process.env['TEST_LOG']) console.error(await recordOf(this.#stage, this.#model));
    return this.#wrong;
  }

  async #take(step: Step): Promise<void> {
    const { bench } = this;
    switch (step.does) {
      case 'write':
        return this.#write(step);
      case 'edit':
      case 'revoke':
        return this.#change(step);
      case 'report':
        return this.#report(step);
      case 'again': {
        const body = this.#bodies.at(-1 - step.which);
        return void (body && (await bench.deliver(body)));
      }
      case 'assign':
        return this.#assign(step.pair);
      case 'release':
        await this.#settle();
        await this.#hand(step.pair, 'team');
        return this.#model.released(step.pair);
      case 'open':
        await this.#settle();
        this.#model.opened();
        return bench.gate.open();
      case 'shut':
        this.#model.acts = false;
        return bench.gate.shut();
      case 'settle':
        return this.#settle();
      case 'rest':
        return this.#rest();
      case 'pause':
      case 'go on':
        return this.#pause(step.does === 'pause');
      case 'drop':
        return void bench.graph.faults.push({ kind: 'drop' });
      case 'die':
      case 'leave':
        // What is being sent in that very moment is a person's to look at: here nothing is.
        if (this.#restless || this.#model.acts) {
          await this.#rest();
          bench.gate.shut();
          this.#model.acts = false;
          this.#restless = false;
        } else await this.#settle();
        if (step.does === 'die') {
          await bench.rows(
            `update platform.workers set alive = false, epoch = epoch + 1 where id = (select id from platform.workers where alive order by random() limit 1)`,
          );
          return;
        }
        await bench.stopWorkers({ gate: 'left' });
        await bench.startWorker(settings);
        await bench.startWorker(settings);
    }
  }

  #name = (): { readonly id: string; readonly name: string } => ({ id: wamid(), name: `m${this.#names++}` });

  async #deliver(way: Way, bodies: readonly Delivery[]): Promise<void> {
    this.#bodies.push(...bodies);
    if (way === 'untold') for (const body of bodies) this.#untold.push(...(await this.bench.store(body)));
    else if (way === 'twice at once') await Promise.all([...bodies, ...bodies].map((body) => this.bench.deliver(body)));
    else if (way === 'apart at once') await Promise.all(bodies.map((body) => this.bench.deliver(body)));
    else for (const body of bodies) await this.bench.deliver(body);
  }

  async #write({ pair, count, kind, way, later }: Extract<Step, { does: 'write' }>): Promise<void> {
    const [from, number] = pairs[pair] ?? pairs[0];
    this.#clock += later;
    const messages = Array.from({ length: count }, (_, index) => {
      const { id, name } = this.#coming[pair] ?? this.#name();
      this.#coming[pair] = this.#name();
      const at = this.#clock + (later > 0 ? index : 0);
      if (way !== 'apart at once' || index === 0) this.#arrivals += 1;
      this.#model.write({ name, wamid: id, pair, at, arrival: this.#arrivals, answerable: kind !== 'reaction' });
      const content = {
        text: { body: name },
        image: { id: 'i1', mime_type: 'image/jpeg', caption: name },
        button: { text: name, payload: 'b1' },
        reaction: { message_id: 'wamid.0', emoji: name },
      }[kind];
      return { id, type: kind, [kind]: content, timestamp: String(at) };
    });
    const options = { phoneNumberId: this.#numbers[number] ?? '', from };
    await this.#deliver(
      way,
      way === 'apart at once'
        ? messages.map((message) => messagesDelivery(options, [message]))
        : [messagesDelivery(options, messages)],
    );
  }

  async #change({ does, pair, which, early, way, later }: Extract<Step, { does: 'edit' | 'revoke' }>): Promise<void> {
    const [from, number] = pairs[pair] ?? pairs[0];
    const before = this.#model.of(pair).at(-1 - which);
    const changed = early ? this.#coming[pair] : before && { id: before.wamid, name: before.name };
    if (!changed) return;
    const { id, name } = changed;
    this.#clock += later;
    const options = { phoneNumberId: this.#numbers[number] ?? '', from, timestamp: this.#clock };
    this.#arrivals += 1;
    const text = does === 'edit' ? `${name}v${this.#arrivals}` : null;
    this.#model.change(id, { text, at: this.#clock });
    await this.#deliver(way, [text === null ? revokeDelivery(options, id) : editDelivery(options, id, text)]);
  }

  async #report({ which, status, way }: Extract<Step, { does: 'report' }>): Promise<void> {
    const sent = this.#sent().at(-1 - which);
    if (!sent?.messageId) return;
    this.#reported.set(sent.messageId, [...(this.#reported.get(sent.messageId) ?? []), status]);
    const extra = { biz_opaque_callback_data: sent.body['biz_opaque_callback_data'] };
    await this.#deliver(way, [statusDelivery({ phoneNumberId: sent.phoneNumberId }, sent.messageId, status, extra)]);
  }

  /** As the inbox's button does. */
  async #assign(pair: number): Promise<void> {
    if (await this.#hand(pair, 'person')) this.#model.assigned(pair);
  }

  async #hand(pair: number, handler: 'team' | 'person'): Promise<boolean> {
    const id = await this.#conversation(pair);
    if (!id) return false;
    await transaction(this.bench.db.engine, async (query) => {
      await query('update platform.conversations set handler = $2 where id = $1', [id, handler]);
      if (handler === 'person') await leaveToPerson(query, id);
    });
    return true;
  }

  async #conversation(pair: number): Promise<string | null> {
    const [first] = this.#model.of(pair);
    const [found] = await this.bench.rows<{ id: string }>(
      'select conversation_id as id from platform.messages where organization_id = $1 and external_id = $2',
      [this.bakery.id, first?.wamid ?? ''],
    );
    return found?.id ?? null;
  }

  async #pause(paused: boolean): Promise<void> {
    this.#paused ||= paused;
    if (paused) this.#model.paused();
    await this.bench.db.withOrganization(this.bakery.id, (trx) =>
      trx.raw('update platform.departments set status = ?', [paused ? 'paused' : 'active']),
    );
  }

  /** Everything that arrived is taken in, but for changes of what has not come. */
  async #settle(): Promise<void> {
    const { bench } = this;
    await bench.queues.addMany(
      'inbound',
      this.#untold
        .splice(0)
        .toReversed()
        .map((eventId) => ({ eventId })),
    );
    await this.#taken(this.#model.awaited);
    this.#model.settled();
  }

  #taken = (aside: number): Promise<void> =>
    vi.waitFor(async () => {
      const open = await this.bench.rows<{ line: boolean }>(
        `select sender_key is not null or editor_key is null as line from platform.inbound_events where processed_at is null and channel_external_id = any($1)`,
        [this.#numbers],
      );
      expect({ aside: open.filter(({ line }) => !line).length, line: open.length }).toEqual({ aside, line: aside });
    }, 60_000);

  async #rest(): Promise<void> {
    await this.#settle();
    await this.#pause(false);
    this.#model.opened();
    this.bench.gate.open();
    // Past what the sweep takes for forgotten: what waited while the department was paused.
    if (this.#paused)
      await this.bench.rows(
        `update platform.messages set created_at = now() - interval '1 minute' where organization_id = $1 and answered_by is null`,
        [this.bakery.id],
      );
    await this.#quiet(this.#model.awaited);
    this.bench.graph.faults.length = 0;
    this.#wrong.push(...(await verdict(this.#stage, this.#model, this.#reported)));
    this.#model.rested();
    this.#restless = true;
    this.#paused = false;
  }

  /** Of what the line broke over, the channel tells later. */
  async #tell(): Promise<void> {
    const unknown = await this.bench.rows<{ opaque: string }>(
      `select payload ->> 'opaque' as opaque from platform.messages where organization_id = $1 and direction = 'out' and status = 'uncertain'`,
      [this.bakery.id],
    );
    for (const { messageId, phoneNumberId, body } of this.#sent()) {
      const opaque = body['biz_opaque_callback_data'];
      if (messageId && unknown.some((one) => one.opaque === opaque)) {
        const extra = { biz_opaque_callback_data: opaque };
        this.#reported.set(messageId, [...(this.#reported.get(messageId) ?? []), 'delivered']);
        await this.bench.deliver(statusDelivery({ phoneNumberId }, messageId, 'delivered', extra));
      }
    }
  }

  async #quiet(aside: number): Promise<void> {
    await this.#taken(aside);
    await vi.waitFor(async () => {
      await this.#tell();
      // Whoever has asked the customer something may wait for as long as they like.
      const open = await this.bench.rows(
        `select 'run ' || status as open from platform.runs r where organization_id = $1 and status not in ('succeeded', 'canceled')
           and not (status = 'waiting' and exists (select 1 from platform.waits w where w.run_id = r.id and w.kind = 'contact' and w.answered_at is null))
         union all select 'message' from platform.messages where organization_id = $1 and direction = 'in' and answered_by is null`,
        [this.bakery.id],
      );
      expect(open).toEqual([]);
    }, 60_000);
  }

  #sent = () => sentFrom(this.#stage);
}
