import { expect, it } from 'vitest';
import { createIntake, type Intake } from './intake.js';

let clock = 0;

/** Begins to take something of somebody's in, and says whether it has begun; `done` ends it. */
function taking(intake: Intake, lane: keyof Intake, who: string) {
  let end = (): void => {};
  let begun = false;
  const taken = intake[lane](async () => {
    begun = true;
    await new Promise<void>((resolve) => (end = resolve));
    return who;
  });
  return {
    isBegun: () => begun,
    async done(): Promise<void> {
      await expect.poll(() => begun).toBe(true);
      end();
      await taken;
    },
  };
}

const begunOf = (all: readonly { isBegun(): boolean }[]): boolean[] => all.map((each) => each.isBegun());

it('takes in from who writes much one after the other while somebody else writes, and all at once when nobody does', async () => {
  const intake = createIntake(() => clock);
  // A flood begins with what comes first.
  await taking(intake, 'first', 'flood').done();
  await taking(intake, 'others', 'flood').done();
  const alone = [taking(intake, 'others', 'flood'), taking(intake, 'others', 'flood')];
  expect(begunOf(alone)).toEqual([true, true]);

  await taking(intake, 'first', 'small').done();
  const beside = [taking(intake, 'others', 'flood'), taking(intake, 'others', 'flood')];
  const small = taking(intake, 'first', 'small');
  expect(begunOf([...beside, small])).toEqual([true, false, true]);
  for (const each of [...beside, ...alone, small]) await each.done();

  clock += 60_000;
  const later = [taking(intake, 'others', 'flood'), taking(intake, 'others', 'flood')];
  expect(begunOf(later)).toEqual([true, true]);
  for (const each of later) await each.done();
});

it('goes on after one that could not be taken in', async () => {
  const intake = createIntake(() => clock);
  await taking(intake, 'first', 'small').done();
  await expect(intake.others(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await taking(intake, 'others', 'flood').done();
});
