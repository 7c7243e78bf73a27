import fc from 'fast-check';

/** Customer and number: two people write to two numbers, one of them to both. */
export const pairs = [
  ['5581911110001', 0],
  ['5581911110001', 1],
  ['5581911110002', 0],
] as const;

/** How a delivery reaches us. `untold`: it is kept, and no worker hears of it before the rest is. */
export type Way = 'told' | 'untold' | 'twice at once' | 'apart at once';

/** One thing that happens. `which` counts back from the last message of the conversation, or from our last answer; `later` is in seconds. */
export type Step =
  | {
      readonly does: 'write';
      readonly pair: number;
      readonly count: number;
      readonly kind: 'text' | 'button' | 'image' | 'reaction';
      readonly way: Way;
      readonly later: number;
    }
  | {
      readonly does: 'edit' | 'revoke';
      readonly pair: number;
      readonly which: number;
      /** Of the message that is yet to come. */
      readonly early: boolean;
      readonly way: Way;
      readonly later: number;
    }
  | { readonly does: 'report'; readonly which: number; readonly status: string; readonly way: Way }
  | { readonly does: 'again'; readonly which: number }
  | { readonly does: 'assign' | 'release'; readonly pair: number }
  /** `drop`: the channel takes our next message, and the line breaks before it says so. */
  | { readonly does: 'open' | 'shut' | 'settle' | 'rest' | 'pause' | 'go on' | 'die' | 'leave' | 'drop' };

export interface Plan {
  readonly burstWindowMs: number;
  readonly queue: boolean;
  /** It asks something before it answers, and takes what is written next for what was asked. */
  readonly asks: boolean;
  readonly steps: readonly Step[];
}

/** Mostly one of them, so that things meet. */
const pair = fc.constantFrom(0, 0, 0, 1, 2);
const way = fc.constantFrom<Way>('told', 'told', 'untold', 'untold', 'twice at once', 'apart at once');
const later = fc.constantFrom(-3, -1, 0, 0, 1, 1, 2);
const which = fc.nat(3);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      does: fc.constant('write' as const),
      pair,
      count: fc.constantFrom(1, 1, 2, 3),
      kind: fc.constantFrom('text' as const, 'text' as const, 'button' as const, 'image' as const, 'reaction' as const),
      way,
      later,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constantFrom('edit' as const, 'edit' as const, 'revoke' as const),
      pair,
      which,
      early: fc.constantFrom(false, false, true),
      way,
      later,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('report' as const),
      which,
      status: fc.constantFrom('sent', 'delivered', 'read', 'played', 'failed'),
      way,
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('again' as const), which: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('assign' as const, 'release' as const), pair }) },
  {
    weight: 9,
    arbitrary: fc.record({
      does: fc.constantFrom(
        'open' as const,
        'open' as const,
        'shut' as const,
        'shut' as const,
        'settle' as const,
        'rest' as const,
        'pause' as const,
        'go on' as const,
        'drop' as const,
        'die' as const,
        'leave' as const,
      ),
    }),
  },
);

export const plans: fc.Arbitrary<Plan> = fc.record({
  burstWindowMs: fc.constantFrom(0, 0, 40),
  queue: fc.constantFrom(false, false, true),
  asks: fc.constantFrom(false, false, false, true),
  steps: fc.array(step, { minLength: 5, maxLength: 22 }),
});
