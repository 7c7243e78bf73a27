import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { startOpenAI, type OpenAIEmulator } from '#tests/support/openai/server.js';
import { appSecret } from './department.js';
import { LineLog } from './lineLog.js';
import { startHelper } from './processes.js';

/** One message that Meta took: a line of its log. */
export interface Taken {
  readonly at: number;
  readonly to: string;
  readonly said: string;
  readonly opaque: string;
  readonly messageId: string;
  readonly violations: readonly string[];
}

/** Everything that is not ours and that nothing strikes: it watches, and its record is what the verdict reads. */
export class Outside {
  /** Meta's log as it comes in. */
  readonly taken: Taken[] = [];
  private constructor(
    readonly graphUrl: string,
    readonly model: OpenAIEmulator,
    readonly meta: ChildProcess,
    private readonly log: LineLog<Taken>,
  ) {
    meta.on('message', (line) => this.taken.push(line as Taken));
  }

  /** @param apiUrl where Meta reports to */
  static async open(folder: string, apiUrl: string): Promise<Outside> {
    const log = new LineLog<Taken>(join(folder, 'meta.jsonl'));
    const model = await startOpenAI();
    const meta = startHelper('metaProcess.ts', [log.file, apiUrl, appSecret]);
    const { url } = await new Promise<{ url: string }>((ready) =>
      meta.once('message', (said) => ready(said as { url: string })),
    );
    return new Outside(url, model, meta, log);
  }

  /** How Meta behaves from now on. */
  tell(behaviour: { readonly statuses?: 'on' | 'off'; readonly latencyMs?: number }): void {
    this.meta.send(behaviour);
  }

  /** Meta's own record, from its file. */
  record(): readonly Taken[] {
    return this.log.lines();
  }

  async close(): Promise<void> {
    this.meta.kill('SIGKILL');
    await this.model.close();
  }
}
