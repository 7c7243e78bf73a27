/** Microseconds of this process's CPU that one call costs, of `times` calls with `inFlight` under way at once. Collector and compiler threads count. */
export async function cpuOf(call: () => Promise<unknown>, times: number, inFlight = 1): Promise<number> {
  const before = process.cpuUsage();
  let left = times;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await call();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}
