/** The resources in the order of the reference, each in a sentence. */
export const tags: Readonly<Record<string, string>> = {
  auth: 'Begin, renew and end a session',
  account: "A person's own account: name, password, second factors, places they are signed in",
  organizations: 'The businesses one belongs to. A session is in one of them at a time',
  members: 'Who works in the organization, their roles and the invitations still open',
  'api keys': 'Credentials for programs, each with scopes of its own',
  departments: 'What was hired: a draft, its published versions, and how runs begin',
  comments: 'What people say about a department, at a step or about the whole',
  templates: 'Departments that are ready to be hired',
  'node types': 'What a department can be made of',
  media: 'What messages carry beside their words',
  models: 'What agents may think with, and what it costs',
  runs: 'One piece of work of a department, step by step',
  agents: 'The thinking nodes of all departments with their performance',
  knowledge: 'What the team has read and answers from',
  integrations: 'Channels and outside services that are connected',
  connections: 'Keys for other systems, each for hosts of its own, and whose keys the agents use',
  conversations: 'The inbox: customers, their messages, and who answers',
  simulator: "A customer's phone to try a department with",
  analytics: 'What the team has done and what it cost',
  audit: 'Who did what, when and from where',
  outbox: 'Mails of a platform without a mail service, for whoever runs it',
  webhooks: 'Addresses that outside services call',
  health: 'For load balancers and process managers',
};

/** What a parameter says where its schema does not, by its name. */
export const parameters: Readonly<Record<string, string>> = {
  limit: 'Most items on the page',
  cursor: 'The `nextCursor` of the page before; the first page when absent',
  token: 'The secret in the address, as it was given out',
  channelId: 'Id of the channel',
  effectId: 'Id of the effect, of this run',
  userId: 'Id of the member',
  version: 'Number of the version, from 1',
  other: 'Number of the version to compare with, from 1',
  commentId: 'Id of the comment, of this department',
  nodeId: 'Only those at this step',
  resolved: 'Only those that are, or are not, resolved',
  slug: 'Name of the template in addresses',
  departmentId: 'Only those of this department',
  conversationId: 'Only those of this conversation',
  status: 'Only those in this state',
  handler: 'Only those in the hands of the team or of a person',
  kind: 'Only those of this kind',
  actor: "Only what this person's or key's id did, or `system`",
  action: 'Only this action',
  target: 'Only what was done to the thing with this id',
  from: 'Only from this moment on',
  to: 'Up to, and without, this moment',
  q: 'Part of a name or of an action, in any case',
  format: 'How the file is written',
  force: 'Delete it although it is in use',
};

interface Refusal {
  readonly name: string;
  readonly description: string;
  /** Codes that any route may answer this status with; the messages are those of `errors.ts`. */
  readonly codes: readonly string[];
}

/** Every status that is an error, by its number. */
export const refusals: Readonly<Record<string, Refusal>> = {
  400: {
    name: 'BadRequest',
    description: 'Bad input: `details` says where each fault is',
    codes: ['bad_input', 'bad_json', 'bad_cursor'],
  },
  401: {
    name: 'Unauthenticated',
    description: 'No credentials, or some that are not good any more',
    codes: ['unauthenticated', 'session_ended'],
  },
  403: {
    name: 'Forbidden',
    description: "The caller's role or key does not allow it",
    codes: ['forbidden', 'person_required', 'bad_origin'],
  },
  404: { name: 'NotFound', description: 'Not here, or not yours', codes: ['not_found'] },
  409: {
    name: 'Conflict',
    description: 'It contradicts what is there, or the Idempotency-Key was used for another request',
    codes: ['idempotency_mismatch', 'idempotency_in_progress', 'idempotency_lost'],
  },
  413: { name: 'TooLarge', description: 'Too large', codes: ['too_large'] },
  415: { name: 'NotJson', description: 'Not JSON', codes: ['unsupported_media_type'] },
  422: {
    name: 'InvalidDefinition',
    description: 'The definition has problems; `problems` lists all of them',
    codes: ['invalid_definition'],
  },
  // A 422 of an address that others call, where nobody edits a definition.
  reused: {
    name: 'KeyReused',
    description: 'The Idempotency-Key was used for another request',
    codes: ['idempotency_reused'],
  },
  429: {
    name: 'RateLimited',
    description: 'Too many requests: `Retry-After` says when to come back',
    codes: ['rate_limited'],
  },
  500: { name: 'Internal', description: 'Our fault; it has been recorded', codes: ['internal'] },
  503: {
    name: 'Unavailable',
    description: 'A store is away: `Retry-After` says when to come back',
    codes: ['unavailable'],
  },
};

export const successes: Readonly<Record<string, string>> = {
  200: 'Done',
  201: 'Made',
  202: 'Taken; it happens soon after',
  204: 'Done; there is nothing to say',
};

const text = { type: 'string' } as const;
/** Headers of answers, by the name of their component. */
export const headers = {
  RateLimit: {
    description:
      'What is left of each limit, and the seconds until it begins anew (draft-ietf-httpapi-ratelimit-headers)',
    schema: text,
    example: '"organization";r=599;t=60, "write";r=299;t=60',
  },
  RateLimitPolicy: {
    description: 'The limits that were counted: how many in how many seconds',
    schema: text,
    example: '"organization";q=600;w=60, "write";q=300;w=60',
  },
  RetryAfter: { description: 'Seconds until it is worth trying again', schema: { type: 'integer' }, example: 2 },
  IdempotencyReplayed: {
    description: '`true` when this is the answer that the first request with the key got',
    schema: { type: 'string', enum: ['true'] },
    example: 'true',
  },
} as const;
