import { setTimeout as after } from 'node:timers/promises';
import { textDelivery } from '#tests/support/meta/deliveries.js';
import { sign } from '#tests/support/meta/graphApi.js';
import { Connection, requestOf } from '../measure/load.js';
import { appSecret, phoneNumberId, startProcess } from '../measure/platform.js';
import { freePort, removeDirectory, startScript, temporaryDirectory } from '../measure/processes.js';
import type { Bench, Outcome, Row } from '../measure/row.js';
import { figure, median } from '../measure/stats.js';

/**
 * From `node dist/start/main.js` on embedded stores until a signed webhook has really been stored and answered: on a data directory that
 * exists, and on an empty one. Beside it a bare Fastify process, which is Node's own start and nothing stored.
 */
export const start: Row = {
  name: 'start',
  async measure({ settings, say }: Bench): Promise<Outcome> {
    const samples = { bare: [] as number[], empty: [] as number[], existing: [] as number[] };
    for (let run = 0; run < settings.runs; run += 1) {
      samples.bare.push(
        await secondsUntilAnswered((port) =>
          Promise.resolve(startScript('tests/bench/floors/server.ts', { env: { FLOOR: 'echo', PORT: String(port) } })),
        ),
      );
      const dataDir = temporaryDirectory();
      const platform = (port: number) => startProcess(settings, { DATA_DIR: dataDir, PORT: String(port) });
      samples.empty.push(await secondsUntilAnswered(platform));
      samples.existing.push(await secondsUntilAnswered(platform));
      removeDirectory(dataDir);
      say(`empty ${figure(samples.empty.at(-1) ?? 0, 's')}, existing ${figure(samples.existing.at(-1) ?? 0, 's')}`);
    }
    const line = (measure: string, value: number, goals: Outcome['lines'][number]['goals']) =>
      ({
        measure,
        floor: figure(median(samples.bare), 's'),
        ours: figure(value, 's'),
        value,
        unit: 's',
        better: 'less',
        goals,
      }) as const;
    return {
      lines: [
        line('start: existing data, until a webhook is answered', median(samples.existing), {
          first: 3,
          goal: 1.5,
          stretch: 1,
        }),
        line('start: empty data directory', median(samples.empty), { first: 6, goal: null, stretch: null }),
      ],
      samples,
    };
  },
};

async function secondsUntilAnswered(begin: (port: number) => Promise<{ stop(): Promise<void> }>): Promise<number> {
  const port = await freePort();
  const url = new URL(`http://127.0.0.1:${port}/api/v1/webhooks/whatsapp`);
  const body = JSON.stringify(textDelivery({ phoneNumberId }, 'oi'));
  const request = requestOf(url, 'POST', { 'x-hub-signature-256': sign(body, appSecret) }, body);
  const connection = new Connection(url);
  const began = performance.now();
  const starting = begin(port);
  // Whoever fails to start says so below; until then nobody waits for it.
  starting.catch(() => {});
  let failed = false;
  void starting.catch(() => (failed = true));
  while (!failed && (await connection.send(request)) !== 200) {
    if (performance.now() - began > 120_000) throw new Error('No webhook was answered within two minutes');
    await after(5);
  }
  const took = (performance.now() - began) / 1_000;
  connection.close();
  await (await starting).stop();
  return took;
}
