import { z } from 'zod';
import { nodeTypes } from '#nodes/registry.js';
import { NodeError } from '#nodes/sdk/errors.js';
import { defineNode, type NodeType } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';
import { anyJson } from '#nodes/sdk/values.js';

/** A door that a test opens: runs that reach the node `test.gate` stand before it. */
export class Gate {
  /** Runs standing at the gate, in order of arrival. */
  readonly waiting: string[] = [];
  #open = true;
  #release: (() => void)[] = [];

  shut(): void {
    this.#open = false;
  }
  open(): void {
    this.#open = true;
    for (const release of this.#release.splice(0)) release();
  }
  async pass(runId: string, signal: AbortSignal): Promise<void> {
    this.waiting.push(runId);
    if (this.#open) return;
    await new Promise<void>((resolve, reject) => {
      this.#release.push(resolve);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }
}

const testNode = (name: string, run: NonNullable<NodeType['run']>): NodeType => ({
  ...defineNode({
    type: `test.${name}`,
    version: 1,
    kind: 'read',
    group: 'data',
    title: words(name, name),
    summary: words(name, name),
    icon: 'box',
    needs: [],
    effects: [],
    config: z.strictObject({}),
    inputs: [inPort],
    outputs: [{ name: 'out', title: words('Saída', 'Out'), schema: anyJson }],
  }),
  run,
});

/**
 * The registry with three more: `test.gate` lets through when the gate does, `test.fail` always fails, `test.history` keeps in `seen` what the
 * run was told of its conversation's past.
 */
export function testNodeTypes(gate: Gate, seen: string[][] = []): ReadonlyMap<string, NodeType> {
  const own = [
    testNode('gate', async ({ ctx, input }) => {
      await gate.pass(ctx.run.id, ctx.signal);
      return { port: 'out', value: input };
    }),
    testNode('history', async ({ ctx, input }) => {
      const said = (await ctx.conversation?.history(20)) ?? [];
      seen.push(said.map(({ author, text }) => `${author}: ${text}`));
      return { port: 'out', value: input };
    }),
    testNode('fail', () => {
      throw new NodeError('The oven is cold.', { code: 'cold_oven', actor: 'author', retryable: false });
    }),
  ];
  return new Map([...nodeTypes, ...own.map((node) => [node.type, node] as const)]);
}
