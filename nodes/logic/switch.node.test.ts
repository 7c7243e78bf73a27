import { describe, expect, it } from 'vitest';
import { aNodeContext } from '#tests/support/nodeContext.js';
import { switchNode } from './switch.node.js';

const cases = (...when: boolean[]) => ({
  cases: when.map((one, index) => ({ name: `way${index}`, title: `Way ${index}`, when: one })),
});

describe('logic.switch', () => {
  it('takes the first case that holds, though later ones hold too', async () => {
    const result = await aNodeContext().run(switchNode, cases(false, true, true), 'x');
    expect(result).toEqual({ port: 'way1', value: 'x' });
  });

  it('takes the default when none holds, and when there are none', async () => {
    expect((await aNodeContext().run(switchNode, cases(false, false))).port).toBe('default');
    expect((await aNodeContext().run(switchNode)).port).toBe('default');
  });

  it.each(['default', 'error', 'two words', '__proto__', ''])('refuses a case called %j', (name) => {
    expect(switchNode.config.safeParse({ cases: [{ name, title: 'x', when: true }] }).success).toBe(false);
  });
});
