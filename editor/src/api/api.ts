import { createClient } from './client.js';
import { openSession } from './session.js';
import type {
  Challenge,
  ChannelsPage,
  ChannelView,
  ConversationsPage,
  ConversationView,
  DepartmentsPage,
  DepartmentView,
  MessagesPage,
  MessageView,
  NodeTypesPage,
  OrganizationPatch,
  OrganizationView,
  Overview,
  PublishView,
  RunsPage,
  RunView,
  RunWithSteps,
  Session,
  SimulatorAccepted,
  SimulatorMessage,
  SourcesPage,
  SourceView,
  TemplatesPage,
  VersionWithDefinition,
  WhatsAppCreate,
} from './types.js';
import type { Locale } from '#nodes/sdk/text.js';

const keeper = openSession();

export const isSignedIn = (): boolean => keeper.read() !== null;

export const client = createClient({
  baseUrl: '/api/v1',
  keeper,
  alone: (work) => ('locks' in navigator ? navigator.locks.request('session', work) : work()),
});

/** Goes on with this session from now on. */
export function keepSession(session: Session | null): void {
  keeper.write(session);
}

async function signIn(path: string, body: unknown): Promise<Session> {
  const session = await client.post<Session>(path, { body, anonymous: true });
  keeper.write(session);
  return session;
}

/** By password: in, or one more factor to show. */
async function login(body: { email: string; password: string }): Promise<Session | Challenge> {
  const answer = await client.post<Session | Challenge>('/auth/login', { body, anonymous: true });
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
  }) => signIn('/auth/register', body),
  login,
  answerChallenge: (body: { challenge: string; code: string }) => signIn('/auth/login/totp', body),
  sample: (locale: Locale) => signIn('/auth/sample', { locale }),
  /** Forgets the session here even when the server cannot be told. */
  async signOut(): Promise<void> {
    const session = keeper.read();
    keeper.write(null);
    if (!session) return;
    await client
      .post('/auth/logout', { body: { refreshToken: session.refreshToken }, anonymous: true })
      .catch(() => undefined);
  },

  organization: () => client.get<OrganizationView>('/organizations/current'),
  async patchOrganization(body: OrganizationPatch): Promise<OrganizationView> {
    const organization = await client.patch<OrganizationView>('/organizations/current', { body });
    const session = keeper.read();
    const { id, name, slug, locale, timezone } = organization;
    if (session) keeper.write({ ...session, organization: { id, name, slug, locale, timezone } });
    return organization;
  },

  templates: () => client.get<TemplatesPage>('/templates'),
  nodeTypes: () => client.get<NodeTypesPage>('/node-types'),
  departments: () => client.get<DepartmentsPage>('/departments', { query: { limit: 100 } }),
  department: (id: string) => client.get<DepartmentView>(`/departments/${id}`),
  departmentVersion: (id: string, version: number) =>
    client.get<VersionWithDefinition>(`/departments/${id}/versions/${version}`),
  createDepartment: (body: { name: string; template: string }) => client.post<DepartmentView>('/departments', { body }),
  patchDepartment: (id: string, body: { name?: string; status?: 'active' | 'paused' }) =>
    client.patch<DepartmentView>(`/departments/${id}`, { body }),
  publish: (id: string) => client.post<PublishView>(`/departments/${id}/publish`, { body: {} }),

  channels: (query: { departmentId?: string; kind?: 'whatsapp' | 'simulator' } = {}) =>
    client.get<ChannelsPage>('/integrations', { query: { limit: 100, ...query } }),
  openSimulator: (departmentId: string) =>
    client.post<ChannelView>('/integrations/simulator', { body: { departmentId } }),
  connectWhatsApp: (body: WhatsAppCreate) => client.post<ChannelView>('/integrations/whatsapp', { body }),
  disconnect: (id: string) => client.delete(`/integrations/${id}`),
  simulate: (channelId: string, body: SimulatorMessage) =>
    client.post<SimulatorAccepted>(`/simulator/${channelId}/messages`, { body }),

  conversations: (
    query: {
      channelId?: string;
      departmentId?: string;
      handler?: 'team' | 'person';
      status?: 'open' | 'closed';
      limit?: number;
    } = {},
  ) => client.get<ConversationsPage>('/conversations', { query }),
  conversation: (id: string) => client.get<ConversationView>(`/conversations/${id}`),
  messages: (id: string, query: { limit?: number; cursor?: string } = {}) =>
    client.get<MessagesPage>(`/conversations/${id}/messages`, { query }),
  answer: (id: string, text: string) => client.post<MessageView>(`/conversations/${id}/messages`, { body: { text } }),
  assign: (id: string) => client.post<ConversationView>(`/conversations/${id}/assign`, { body: {} }),
  release: (id: string) => client.post<ConversationView>(`/conversations/${id}/release`, { body: {} }),
  closeConversation: (id: string) => client.post<ConversationView>(`/conversations/${id}/close`, { body: {} }),

  runs: (query: { departmentId?: string; conversationId?: string; limit?: number; cursor?: string } = {}) =>
    client.get<RunsPage>('/runs', { query }),
  run: (id: string) => client.get<RunWithSteps>(`/runs/${id}`),
  cancelRun: (id: string) => client.post<{ readonly run: RunView }>(`/runs/${id}/cancel`, { body: {} }),
  retryRun: (id: string) => client.post<{ readonly run: RunView }>(`/runs/${id}/retry`, { body: {} }),

  sources: () => client.get<SourcesPage>('/knowledge/sources', { query: { limit: 100 } }),
  addSource: (body: { title: string; text: string; locale: Locale }) =>
    client.post<SourceView>('/knowledge/sources', { body }),
  removeSource: (id: string) => client.delete(`/knowledge/sources/${id}`),

  overview: (from?: string) => client.get<Overview>('/analytics/overview', { query: { from } }),
} as const;
