import { setTimeout as after } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { graph } from '#engine/graph/testing/graph.js';
import { residentMegabytes } from '../measure/memory.js';
import { openShop, startProcess } from '../measure/platform.js';
import { startScript } from '../measure/processes.js';
import type { Bench, Outcome, Row } from '../measure/row.js';
import { figure, median, percentile } from '../measure/stats.js';

const PEOPLE = 50;
/** Edits a second in the one room, by everybody together. */
const PER_SECOND = 20;
const ROOMS = 500;
const IN_EACH = 4;

/** Milliseconds after the last edit in which all have to have seen it. One that nobody sees would make the others look better. */
const PATIENCE = 15_000;

interface Peer {
  readonly doc: Y.Doc;
  isConnected(): boolean;
  leave(): void;
}

/** Somebody with the document open, who has everything that was there. */
async function join(address: string, room: string, token: string): Promise<Peer> {
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(address, room, doc, {
    params: { token },
    WebSocketPolyfill: WebSocket as never,
    disableBc: true,
  });
  await new Promise<void>((done) => provider.on('sync', (synced) => synced && done()));
  return { doc, isConnected: () => provider.wsconnected, leave: () => (provider.destroy(), doc.destroy()) };
}

/** Milliseconds from an edit to the moment it is in another's document, for every pair. */
async function delays(address: string, room: string, token: string, seconds: number): Promise<number[]> {
  const peers = await Promise.all(Array.from({ length: PEOPLE }, () => join(address, room, token)));
  const seen: number[] = [];
  for (const { doc } of peers)
    doc.getMap('settings').observe(({ changes, target, transaction }) => {
      if (transaction.local) return;
      for (const key of changes.keys.keys()) seen.push(performance.now() - Number(target.get(key)));
    });
  for (let edit = 0; edit < seconds * PER_SECOND; edit += 1) {
    const who = edit % PEOPLE;
    peers[who]?.doc.getMap('settings').set(`person${who}`, performance.now());
    await after(1_000 / PER_SECOND);
  }
  const expected = seconds * PER_SECOND * (PEOPLE - 1);
  for (const since = performance.now(); seen.length < expected && performance.now() - since < PATIENCE;)
    await after(20);
  for (const peer of peers) peer.leave();
  if (seen.length !== expected) throw new Error(`${seen.length} of ${expected} remote edits were seen`);
  return seen;
}

const settings = graph().node('start', 'trigger.manual').node('end', 'data.set').edges('start>end').build();

/** How soon the others see an edit, which ours stores first, and what many rooms take. */
export const collaboration: Row = {
  name: 'collaboration',
  async measure(bench: Bench): Promise<Outcome> {
    const samples = { bare: [] as number[], ours: [] as number[], rooms: [] as number[] };
    for (let run = 0; run < bench.settings.runs; run += 1) {
      const bare = startScript('tests/bench/floors/room.ts', {});
      const [, floor = ''] = await bare.saying(/^Ready: (http\S+)/m);
      const ours = await startProcess(bench.settings, {});
      const shop = await openShop(ours.url, settings);
      const address = `ws://${ours.url.host}/api/v1/collaboration`;
      const { seconds } = bench.settings;
      samples.bare.push(percentile(await delays(floor.replace('http', 'ws'), 'room', 'none', seconds), 0.95));
      samples.ours.push(percentile(await delays(address, shop.departmentId, shop.token, seconds), 0.95));
      if (run === 0) samples.rooms.push(await memoryOf(ours.pid, address, shop));
      await Promise.all([bare.stop(), ours.stop()]);
      bench.say(`bare ${figure(samples.bare.at(-1) ?? 0, 'ms')}, ours ${figure(samples.ours.at(-1) ?? 0, 'ms')}`);
    }
    const [bare, ours, rooms] = [median(samples.bare), median(samples.ours), median(samples.rooms)];
    return {
      lines: [
        {
          measure: `a remote edit seen, ${PEOPLE} people, p95`,
          floor: `${figure(bare, 'ms')} y-websocket that keeps nothing`,
          ours: figure(ours, 'ms'),
          value: ours,
          unit: 'ms',
          better: 'less',
          goals: { first: 50, goal: 50, stretch: null },
        },
        {
          measure: `memory: ${ROOMS} drafts open, ${IN_EACH} people each`,
          floor: '–',
          ours: figure(rooms, 'MB'),
          value: rooms,
          unit: 'MB',
          better: 'less',
          goals: { first: 1_000, goal: 1_000, stretch: null },
        },
      ],
      samples,
    };
  },
};

async function memoryOf(pid: number, address: string, shop: Awaited<ReturnType<typeof openShop>>): Promise<number> {
  const peers: Peer[] = [];
  for (let room = 0; room < ROOMS; room += 1) {
    const { id } = await shop.call('POST', '/departments', { name: `D${room}`, definition: settings });
    peers.push(...(await Promise.all(Array.from({ length: IN_EACH }, () => join(address, String(id), shop.token)))));
  }
  const resident = residentMegabytes(pid);
  const connected = peers.filter((peer) => peer.isConnected()).length;
  if (connected !== ROOMS * IN_EACH) throw new Error(`${connected} of ${ROOMS * IN_EACH} people were still connected`);
  for (const peer of peers) peer.leave();
  return resident;
}
