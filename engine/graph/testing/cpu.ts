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
