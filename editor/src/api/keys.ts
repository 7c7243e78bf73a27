/** Names of cached answers. A live event makes stale what it touches by these. */
export const keys = {
  organization: ['organization'],
  templates: ['templates'],
  nodeTypes: ['node-types'],
  departments: ['departments'],
  department: (id: string) => ['departments', id],
  version: (id: string, version: number) => ['departments', id, 'versions', version],
  channels: ['channels'],
  conversations: ['conversations'],
  conversation: (id: string) => ['conversations', id],
  messages: (id: string) => ['messages', id],
  runs: ['runs'],
  run: (id: string) => ['runs', id],
  sources: ['sources'],
  overview: ['overview'],
} as const satisfies Record<string, readonly string[] | ((...args: never[]) => readonly (string | number)[])>;
