import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** Runs it in a process of its own, with `log` at hand and `writes` counting what is handed to the system. */
function inProcess(script: string): Promise<{ readonly code: number; readonly lines: readonly string[] }> {
  const whole = `
    import fs from 'node:fs';
    let writes = 0;
    const { writeSync } = fs;
    fs.writeSync = (...given) => ((writes += 1), writeSync(...given));
    // Nobody waits for a disk.
    fs.fsyncSync = () => (writes += 100);
    const { createLog } = await import('#server/log.js');
    const log = createLog('info');
    ${script}`;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', whole],
      { maxBuffer: 100_000_000 },
      (error, stdout) => {
        const lines = stdout.split('\n').filter((line) => line !== '');
        resolve({ code: child.exitCode ?? Number(error?.code), lines });
      },
    );
  });
}
const numbers = (lines: readonly string[]): unknown[] => lines.map((line) => (JSON.parse(line) as { n: unknown }).n);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

describe('the log of a process', () => {
  it('is written once a turn of the event loop', async () => {
    const { lines } = await inProcess(`
      for (let n = 0; n < 50; n += 1) log.info({ n }, 'a request');
      setImmediate(() => console.log(JSON.stringify({ n: writes })));`);
    expect(numbers(lines)).toEqual([...upTo(50), 1]);
  });

  it.each([
    ['exits in the same turn', 'process.exit(3);', 3],
    ['fails in the same turn', `throw new Error('nobody foresaw this');`, 1],
    ['says that it is over', `log.fatal({ n: 4000 }, 'over'); process.reallyExit(5);`, 5],
  ])('has every line when the process %s', async (_, end, code) => {
    const ended = await inProcess(`
      for (let n = 0; n < 4000; n += 1) log.info({ n, said: 'x'.repeat(900) }, 'a request');
      ${end}`);
    expect(ended.code).toBe(code);
    expect(numbers(ended.lines).slice(0, 4_000)).toEqual(upTo(4_000));
  });
});
