import type { NewStep, Place } from './graphPlace.js';

/** One thing that a request asks for, with the names as they are written. */
export type Clause =
  /** `put`: said so that a step which is there may be meant; `definite`: "the", of which there is one already. */
  | ({ readonly do: 'add'; readonly put?: true; readonly definite?: boolean } & NewStep)
  | { readonly do: 'move'; readonly what: string; readonly place: Place }
  | { readonly do: 'swap'; readonly what: string; readonly with: string }
  | { readonly do: 'duplicate'; readonly what: string; readonly place: Place | null }
  | { readonly do: 'replace'; readonly what: string; readonly by: NewStep }
  | { readonly do: 'remove'; readonly what: string }
  | { readonly do: 'connect' | 'disconnect'; readonly from: string; readonly to: string; readonly way?: string }
  /** What joins two steps, whichever comes first. */
  | { readonly do: 'cut'; readonly one: string; readonly other: string }
  /** A way out to somewhere, told by what happens: "when it is an order, go to …". */
  | { readonly do: 'when'; readonly said: string; readonly to: string }
  | { readonly do: 'fails'; readonly what: string; readonly to: string }
  | { readonly do: 'rename'; readonly what: string; readonly to: string }
  /** Another text for what a step says, asks or is told. */
  | { readonly do: 'say'; readonly what: string; readonly text: string }
  | { readonly do: 'set'; readonly what: string; readonly field: string; readonly value: string };
