import { allPages } from './allPages.js';
import { createClient } from './client.js';
import * as operations from './generated/operations.js';
import type { Operation } from './operation.js';
import { openSession } from './session.js';
import type {
  Challenge,
  Definition,
  OrganizationPatch,
  OrganizationView,
  ForkBody,
  Json,
  ReplayBody,
  RunsQuery,
  Session,
  SimulatorMessage,
  WhatsAppCreate,
} from './types.js';
import type { Locale } from '#nodes/sdk/text.js';

const keeper = openSession();

type PinsBody = NonNullable<ForkBody['pins']>;

export const isSignedIn = (): boolean => keeper.read() !== null;

export const client = createClient({
  baseUrl: '/api/v1',
  keeper,
  language: () => document.documentElement.lang,
  alone: (work) => ('locks' in navigator ? navigator.locks.request('session', work) : work()),
});

/** Goes on with this session from now on. */
export function keepSession(session: Session | null): void {
  keeper.write(session);
}

async function signIn<Body>(operation: Operation<{ body: Body }, Session>, body: Body): Promise<Session> {
  const session = await client.call(operation, { body }, { anonymous: true });
  keeper.write(session);
  return session;
}

/** By password: in, or one more factor to show. */
async function login(body: { email: string; password: string }): Promise<Session | Challenge> {
  const answer = await client.call(operations.login, { body }, { anonymous: true });
  if ('accessToken' in answer) keeper.write(answer);
  return answer;
}

/** Every route the app uses, by name. */
export const api = {
  register: (body: {
    name: string;
    email: string;
    password: string;
    organizationName: string;
    locale: Locale;
    timezone: string;
  }) => signIn(operations.register, body),
  login,
  answerChallenge: (body: { challenge: string; code: string }) => signIn(operations.loginWithCode, body),
  sample: (locale: Locale) => signIn(operations.createSample, { locale }),
  /** Forgets the session here even when the server cannot be told. */
  async signOut(): Promise<void> {
    const session = keeper.read();
    keeper.write(null);
    if (!session) return;
    await client
      .call(operations.logout, { body: { refreshToken: session.refreshToken } }, { anonymous: true })
      .catch(() => undefined);
  },

  organization: () => client.call(operations.getOrganization, {}),
  async patchOrganization(body: OrganizationPatch): Promise<OrganizationView> {
    const organization = await client.call(operations.updateOrganization, { body });
    const session = keeper.read();
    const { id, name, slug, locale, timezone } = organization;
    if (session) keeper.write({ ...session, organization: { id, name, slug, locale, timezone } });
    return organization;
  },

  templates: () => client.call(operations.listTemplates, {}),
  template: (slug: string) => client.call(operations.getTemplate, { path: { slug } }),
  nodeTypes: () => client.call(operations.listNodeTypes, {}),
  departments: () => client.call(operations.listDepartments, { query: { limit: 100 } }),
  department: (id: string) => client.call(operations.getDepartment, { path: { id } }),
  departmentVersion: (id: string, version: number) =>
    client.call(operations.getDepartmentVersion, { path: { id, version } }),
  departmentVersions: (id: string) =>
    client.call(operations.listDepartmentVersions, { path: { id }, query: { limit: 100 } }),
  createDepartment: (body: { name: string; template: string }) => client.call(operations.createDepartment, { body }),
  patchDepartment: (id: string, body: { name?: string; status?: 'active' | 'paused' }) =>
    client.call(operations.updateDepartment, { path: { id }, body }),
  publish: (id: string, body: { note?: string } = {}) =>
    client.call(operations.publishDepartment, { path: { id }, body }),
  versions: (id: string, cursor?: string) =>
    client.call(operations.listDepartmentVersions, { path: { id }, query: { limit: 50, cursor } }),
  restoreVersion: (id: string, version: number) =>
    client.call(operations.restoreDepartmentVersion, { path: { id, version }, body: {} }),
  replaceDraft: (id: string, definition: Definition) =>
    client.call(operations.replaceDepartmentDraft, { path: { id }, body: { definition } }),
  /** The draft, without doing anything outside. `until`: the last step to execute. */
  rehearseDraft: (id: string, body: { input: Json; pins: PinsBody; until?: string }) =>
    client.call(operations.startRun, { path: { id }, body: { ...body, version: 'draft', effects: 'rehearse' } }),
  /** Again from one step of a run, on the draft, without doing anything outside. */
  rehearseFrom: (runId: string, body: { fromStep: string; pins: PinsBody }) =>
    client.call(operations.forkRun, { path: { id: runId }, body: { ...body, version: 'draft', effects: 'rehearse' } }),
  /** What a model would change so that the draft does what is asked. Nothing is stored. */
  propose: (id: string, request: string) =>
    client.call(operations.createDepartmentProposal, { path: { id }, body: { request } }),
  /** What the next publish would change, and whose changes they are. */
  draftChanges: (id: string) => client.call(operations.listDepartmentChanges, { path: { id } }),
  /** A page of threads of comments, newest first. */
  comments: (id: string, query: { resolved?: 'true' | 'false'; nodeId?: string; cursor?: string }) =>
    client.call(operations.listDepartmentComments, { path: { id }, query: { limit: 100, ...query } }),
  beginComment: (id: string, body: { text: string; mentions: string[]; nodeId?: string }) =>
    client.call(operations.createDepartmentComment, { path: { id }, body }),
  replyComment: (id: string, commentId: string, body: { text: string; mentions: string[] }) =>
    client.call(operations.createDepartmentCommentReply, { path: { id, commentId }, body }),
  changeComment: (id: string, commentId: string, body: { text?: string; resolved?: boolean }) =>
    client.call(operations.updateDepartmentComment, { path: { id, commentId }, body }),
  removeComment: (id: string, commentId: string) =>
    client.call(operations.deleteDepartmentComment, { path: { id, commentId } }),
  connections: () =>
    allPages((cursor) => client.call(operations.listIntegrationConnections, { query: { limit: 100, cursor } })),

  channels: (query: { departmentId?: string; kind?: 'whatsapp' | 'simulator' } = {}) =>
    client.call(operations.listIntegrations, { query: { limit: 100, ...query } }),
  /** With `draft` the draft answers, as it stands when one writes. */
  openSimulator: (departmentId: string, version?: 'draft') =>
    client.call(operations.openSimulator, { body: { departmentId, ...(version && { version }) } }),
  connectWhatsApp: (body: WhatsAppCreate) => client.call(operations.connectWhatsApp, { body }),
  disconnect: (id: string) => client.call(operations.deleteIntegration, { path: { id } }),
  simulate: (channelId: string, body: SimulatorMessage) =>
    client.call(operations.createSimulatorMessage, { path: { channelId }, body }),

  conversations: (
    query: {
      channelId?: string;
      departmentId?: string;
      handler?: 'team' | 'person';
      status?: 'open' | 'closed';
      limit?: number;
    } = {},
  ) => client.call(operations.listConversations, { query }),
  conversation: (id: string) => client.call(operations.getConversation, { path: { id } }),
  messages: (id: string, query: { limit?: number; cursor?: string } = {}) =>
    client.call(operations.listConversationMessages, { path: { id }, query }),
  answer: (id: string, text: string) =>
    client.call(operations.createConversationMessage, { path: { id }, body: { text } }),
  assign: (id: string) => client.call(operations.assignConversation, { path: { id }, body: {} }),
  release: (id: string) => client.call(operations.releaseConversation, { path: { id }, body: {} }),
  closeConversation: (id: string) => client.call(operations.closeConversation, { path: { id }, body: {} }),

  runs: (query: RunsQuery = {}) => client.call(operations.listRuns, { query }),
  traffic: (id: string, query: { version?: number; hours: number }) =>
    client.call(operations.getDepartmentTraffic, { path: { id }, query }),
  /** The department as it was when the run began. */
  runDefinition: (id: string) => client.call(operations.getRunDefinition, { path: { id } }),
  runTimeline: (id: string) => client.call(operations.getRunTimeline, { path: { id } }),
  /** One try of a step with its payloads; `null` when it is not on record yet. */
  runStep: async (id: string, query: { path: string; attempt: number; whole?: 'output' }) =>
    (await client.call(operations.listRunSteps, { path: { id }, query })).items[0] ?? null,
  forkRun: (id: string, body: ForkBody) => client.call(operations.forkRun, { path: { id }, body }),
  replayRun: (id: string, body: ReplayBody) => client.call(operations.replayRun, { path: { id }, body }),
  resolveEffect: (id: string, effectId: string, outcome: 'happened' | 'did_not_happen') =>
    client.call(operations.resolveRunEffect, { path: { id, effectId }, body: { outcome } }),
  resumeRun: (id: string, body: { value: Json; path: string }) =>
    client.call(operations.resumeRun, { path: { id }, body }),
  run: (id: string) => client.call(operations.getRun, { path: { id } }),
  cancelRun: (id: string) => client.call(operations.cancelRun, { path: { id }, body: {} }),
  retryRun: (id: string) => client.call(operations.retryRun, { path: { id }, body: {} }),

  sources: () => client.call(operations.listKnowledgeSources, { query: { limit: 100 } }),
  allSources: () =>
    allPages((cursor) => client.call(operations.listKnowledgeSources, { query: { limit: 100, cursor } })),
  picture: (link: string, signal: AbortSignal) =>
    client.bytes(operations.getMediaPicture, { query: { link } }, { signal }),
  models: () => client.call(operations.listModels, { query: { limit: 100 } }),
  addSource: (body: { title: string; text: string; locale: Locale }) =>
    client.call(operations.createKnowledgeSource, { body }),
  removeSource: (id: string) => client.call(operations.deleteKnowledgeSource, { path: { id } }),

  overview: (from?: string) => client.call(operations.getAnalyticsOverview, { query: { from } }),
} as const;
