import { z } from 'zod';
import { forEachNode } from '#nodes/logic/forEach.node.js';
import { loopNode } from '#nodes/logic/loop.node.js';
import { subDepartmentNode } from '#nodes/logic/subDepartment.node.js';
import type { NodeContext, Question, Verdict } from '#nodes/sdk/context.js';
import type { Json } from '#nodes/sdk/json.js';
import { defineNode, type NodeKind, type NodeResult, type NodeType } from '#nodes/sdk/node.js';
import { inPort } from '#nodes/sdk/ports.js';
import { words } from '#nodes/sdk/text.js';

type Run = (call: {
  config: { value?: unknown; when?: boolean };
  input: Json;
  ctx: NodeContext;
}) => NodeResult | Promise<NodeResult>;

/** What the nodes of a test do and did. Shared by every executor of the test, as the outside world is. */
export class Doings {
  /** Paths of the steps whose code ran to its end, in order. */
  readonly ran: string[] = [];
  /** What the `task` node at a path does, the first entry first; then it succeeds. */
  readonly scripts = new Map<string, ((ctx: NodeContext) => Promise<Json> | Json)[]>();
  /** How often an effect was really done, by idempotency key. */
  readonly done = new Map<string, number>();
  /** What the other side says of an effect when it is asked, by idempotency key; one that is not here cannot be asked. */
  readonly known = new Map<string, Verdict>();

  script(path: string, ...tries: ((ctx: NodeContext) => Promise<Json> | Json)[]): void {
    this.scripts.set(path, tries);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Types: `start`, `set`, `if`, `task` (scripted), `read`, `act` (an effect), `ask`, `delay` and the three containers `loop`, `each`, `dept`. */
export function testNodes(doings: Doings): ReadonlyMap<string, NodeType> {
  const node = (type: string, kind: NodeKind, ports: readonly string[], run: Run): NodeType =>
    defineNode({
      type,
      version: 1,
      kind,
      group: kind === 'trigger' ? 'trigger' : 'logic',
      title: words(type, type),
      summary: words(type, type),
      icon: 'box',
      needs: [],
      effects: [],
      config: z.strictObject({ value: z.json().optional(), when: z.boolean().optional() }),
      inputs: kind === 'trigger' ? [] : [inPort],
      outputs: ports.map((name) => ({ name, title: words(name, name), schema: z.json() })),
      run,
    }) as NodeType;
  const scripted = async (ctx: NodeContext, otherwise: Json): Promise<NodeResult> => {
    const next = doings.scripts.get(ctx.path)?.shift();
    const value = next ? await next(ctx) : otherwise;
    doings.ran.push(ctx.path);
    return { port: 'out', value };
  };
  const nodes = [
    node('start', 'trigger', ['out'], ({ ctx }) => ({ port: 'out', value: ctx.trigger })),
    node('set', 'pure', ['out'], ({ config, ctx, input }) => {
      doings.ran.push(ctx.path);
      return { port: 'out', value: config.value === undefined ? { from: ctx.node.id, input } : (config.value as Json) };
    }),
    node('if', 'pure', ['yes', 'no'], ({ config, ctx }) => {
      doings.ran.push(ctx.path);
      return { port: config.when ? 'yes' : 'no', value: null };
    }),
    node('task', 'pure', ['out'], ({ ctx, config }) => scripted(ctx, (config.value ?? 'done') as Json)),
    node('read', 'read', ['out'], ({ ctx, config }) => scripted(ctx, (config.value ?? 'done') as Json)),
    node('act', 'effect', ['out'], async ({ ctx, config }) => {
      await turn();
      const known = doings.known.get(`${ctx.run.id}/${ctx.path}:do`);
      const perform = async (key: string): Promise<Json> => {
        doings.done.set(key, (doings.done.get(key) ?? 0) + 1);
        const next = doings.scripts.get(ctx.path)?.shift();
        return next ? next(ctx) : ((config.value ?? 'acted') as Json);
      };
      const value = await ctx.effect('do', perform, undefined, known && { ask: async () => known });
      doings.ran.push(ctx.path);
      return { port: 'out', value };
    }),
    node('ask', 'wait', ['out'], ({ ctx, config }) => {
      const value = ctx.ask((config.value ?? { of: 'contact', title: `${ctx.node.id}?` }) as unknown as Question);
      doings.ran.push(ctx.path);
      return { port: 'out', value };
    }),
    node('delay', 'wait', ['out'], ({ ctx }) => {
      ctx.waitUntil(new Date(ctx.now().getTime() + 60_000));
      doings.ran.push(ctx.path);
      return { port: 'out', value: ctx.now().toISOString() };
    }),
    { ...loopNode, type: 'loop' } as unknown as NodeType,
    { ...forEachNode, type: 'each' } as unknown as NodeType,
    { ...subDepartmentNode, type: 'dept' } as unknown as NodeType,
  ];
  return new Map(nodes.map((each) => [each.type, each]));
}
