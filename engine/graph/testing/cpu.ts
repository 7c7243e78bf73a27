/** Milliseconds of processor time that a call takes, least of `times`: what it needs, whatever else the machine is doing. */
export function cpuMs(run: () => void, times = 3): number {
  const readings = Array.from({ length: times }, () => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...readings);
}

/** Milliseconds of processor time that the work below takes on the machine for which limits are written. */
const YARDSTICK_MS = 25;
const rows = Array.from({ length: 20_000 }, (_, i) => ({
  id: `n${i}`,
  at: (i * 7_919) % 20_000,
  tags: ['a', String(i)],
}));
/** What engines do alike: copy, sort, index and walk 20,000 objects. */
function yardstick(): number {
  const copy = (JSON.parse(JSON.stringify(rows)) as typeof rows).toSorted((a, b) => a.at - b.at);
  const byId = new Map(copy.map((row) => [row.id, row]));
  let length = 0;
  for (const row of byId.values())
    for (const [key, value] of Object.entries(row)) length += key.length + String(value).length;
  return length;
}

/** A limit in processor time as it is on this machine now: a slow or shared one gets as much more as it needs for a known piece of work. */
export function limitHere(ms: number): number {
  yardstick();
  return ms * Math.max(1, cpuMs(yardstick, 7) / YARDSTICK_MS);
}
