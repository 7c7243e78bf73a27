import { expect, it } from 'vitest';
import { aNodeContext } from '#tests/support/nodeContext.js';
import { manualTrigger } from './manual.node.js';

it('hands on whatever it was started with', async () => {
  const result = await aNodeContext()
    .trigger({ table: [1, 2] })
    .run(manualTrigger);
  expect(result).toEqual({ port: 'out', value: { table: [1, 2] } });
});
