import {
  messageColumns,
  messageView,
  openMessage,
  type StoredMessage,
} from '#engine/worker/conversation/messageView.js';
import type { GraphRequest } from '../meta/graphApi.js';
import type { BenchOrganization, WorkerBench } from '../worker.js';
import { faults, type Model } from './model.js';
import { pairs } from './plan.js';

/** Where a plan is played. */
export interface Stage {
  readonly bench: WorkerBench;
  readonly bakery: BenchOrganization;
  readonly numbers: readonly string[];
}

/** What the channel took from us, in order. */
export const sentFrom = ({ bench, numbers }: Stage): GraphRequest[] =>
  bench.graph.sent().filter(({ phoneNumberId }) => numbers.includes(phoneNumberId));

/** Statuses of a message, in the order in which one replaces the other. */
const ranks = ['queued', 'uncertain', 'sent', 'failed', 'delivered', 'read', 'played'];
/** What our department puts before the words that it echoes, when it asks and when it has been told. */
const asked = 'Sim?';
const reply = 'Certo.';

/**
 * What is not as it must be once all is at rest: answers, what the house sees of messages, and how far ours have come.
 * @param reported what the channel has told of each message of ours
 */
export async function verdict(
  stage: Stage,
  model: Model,
  reported: ReadonlyMap<string, readonly string[]>,
): Promise<string[]> {
  const { bench, numbers } = stage;
  const sent = sentFrom(stage);
  const answers = pairs.flatMap(([from, number], pair) => {
    const got = sent
      .filter(({ phoneNumberId, body }) => phoneNumberId === numbers[number] && body['to'] === from)
      .map(({ body }) => (body['text'] as { body: string }).body.split('\n'))
      .map((lines) => ({
        lines: lines.filter((line) => line !== asked && line !== reply),
        reply: lines[0] === reply,
      }));
    return faults(model.of(pair), got).map(
      (what) => `${what} (${pair}: ${JSON.stringify(got.map(({ lines }) => lines))})`,
    );
  });
  const written = model.messages.map(({ wamid, now: { text }, changed }) =>
    told(wamid, text ?? '', text === null ? 'deleted' : changed ? 'edited' : null),
  );
  const furthest = sent.map(({ messageId }) =>
    told(
      messageId,
      ['sent', ...(reported.get(messageId ?? '') ?? [])].reduce((a, b) =>
        ranks.indexOf(b) > ranks.indexOf(a) ? b : a,
      ),
    ),
  );
  const failed = await bench.rows<{ error: string }>(
    `select error from platform.inbound_events where channel_external_id = any($1) and (outcome = 'failed' or error is not null)`,
    [numbers],
  );
  return [
    ...answers,
    ...differences('in the house', await inTheHouse(stage), written),
    ...differences('of what we sent', await statuses(stage), furthest),
    ...failed.map(({ error }) => `could not be taken in: ${error}`),
  ];
}

async function inTheHouse({ bench, bakery }: Stage): Promise<string[]> {
  const vault = await bench.vaultOf(bakery.id);
  const rows = await bench.rows<StoredMessage>(
    `select ${messageColumns} from platform.messages where organization_id = $1 and direction = 'in'`,
    [bakery.id],
  );
  return rows
    .map((row) => ({ id: row.external_id, view: messageView(openMessage(vault, row)) }))
    .map(({ id, view: { text, changed } }) => told(id, text, changed));
}

async function statuses({ bench, bakery }: Stage): Promise<string[]> {
  const rows = await bench.rows<{ id: string; status: string }>(
    `select external_id as id, status from platform.messages where organization_id = $1 and direction = 'out'`,
    [bakery.id],
  );
  return rows.map(({ id, status }) => told(id, status));
}

const told = (...parts: (string | null)[]): string => parts.join(' ');

/** Lines that only one of two lists has, each as often as it stands in it. */
function differences(where: string, is: readonly string[], due: readonly string[]): string[] {
  const left = [...is];
  const missing = due.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return [...left.map((line) => `${where} is ${line}`), ...missing.map((line) => `${where} is not ${line}`)];
}

/** All that is on record, to look into what went wrong. */
export async function recordOf({ bench, bakery, numbers }: Stage, model: Model): Promise<string> {
  const record = {
    wrote: model.messages.map(({ may, said, ...message }) => ({ ...message, may: [...may], said: [...said] })),
    runs: await bench.rows(
      `select id, conversation_id, status, restarts, attempts, not_before, created_at, started_at, finished_at, superseded_by, error, took_messages
       from platform.runs where organization_id = $1 order by id`,
      [bakery.id],
    ),
    messages: await bench.rows(
      `select id, external_id, conversation_id, direction, status, answered_by, run_id, sent_at, created_at from platform.messages where organization_id = $1 order by id`,
      [bakery.id],
    ),
    events: await bench.rows(
      `select id, external_id, outcome, received_at, processed_at from platform.inbound_events where channel_external_id = any($1) order by id`,
      [numbers],
    ),
  };
  return JSON.stringify(record, null, 1).replaceAll(/\n {3,}/g, ' ');
}
