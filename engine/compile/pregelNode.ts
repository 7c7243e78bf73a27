import { Runnable, type RunnableConfig } from '@langchain/core/runnables';
import { Channel } from '@langchain/langgraph/pregel';

export type Write = readonly [channel: string, value: unknown];

/** Channel values by channel name, as LangGraph hands them to a node. */
export type State = Readonly<Record<string, unknown>>;

/**
 * The one internal name of LangGraph that we use: where a node finds the function that takes its writes. `pregelNode.test.ts` says what we
 * expect of it; run it before moving to another version.
 */
export const SEND_KEY = '__pregel_send';

/** What LangGraph calls for a group. A bare `Runnable`: no sequence, no merging of configs, no async local storage (a third of the cost of a step). */
class Body extends Runnable<State, void> {
  override lc_namespace = ['engine'];
  readonly #run: (state: State, config: RunnableConfig) => readonly Write[] | Promise<readonly Write[]>;

  constructor(
    name: string,
    run: (state: State, config: RunnableConfig) => readonly Write[] | Promise<readonly Write[]>,
  ) {
    super();
    this.name = name;
    this.#run = run;
  }

  override async invoke(state: State, config?: Partial<RunnableConfig>): Promise<void> {
    const send: unknown = config?.configurable?.[SEND_KEY];
    if (!config || typeof send !== 'function') throw new Error(`LangGraph gave no ${SEND_KEY}`);
    const writes = await this.#run(state, config);
    send(writes);
  }
}

export interface PregelNodeOptions {
  readonly name: string;
  /** Channels any of which starts the node. */
  readonly triggers: readonly string[];
  /** Channels it reads. One that is also a trigger must never be empty when the node starts. */
  readonly reads: readonly string[];
  readonly run: (state: State, config: RunnableConfig) => readonly Write[] | Promise<readonly Write[]>;
}

/** A node of a Pregel graph. The class is not exported at run time: `subscribeTo` returns one, and its fields are public. */
export function pregelNode({ name, triggers, reads, run }: PregelNodeOptions): ReturnType<typeof Channel.subscribeTo> {
  const bound = new Body(name, run);
  // `updateState` asks a node's writers to turn given values into writes: this is how an answer comes in from outside.
  const writer = new Body(name, (values) => Object.entries(values));
  return Object.assign(Channel.subscribeTo([...triggers]), {
    channels: Object.fromEntries(reads.map((channel) => [channel, channel])),
    bound,
    writers: [writer],
    getNode: () => bound,
  });
}
