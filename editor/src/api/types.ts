import type { exportAudit, listRuns } from './generated/operations.js';

/** What the API says, generated from its OpenAPI document, under the names that the screens use. */
export type {
  Account as AccountView,
  Agent as AgentView,
  AgentPage as AgentsPage,
  AnalyticsOverview as Overview,
  ApiKey as ApiKeyView,
  ApiKeyCreate,
  AuditEntry as AuditEntryView,
  Challenge,
  Connection as ConnectionView,
  ConnectionCreate,
  ConnectionTested,
  Channel as ChannelView,
  Conversation as ConversationView,
  ConversationPage as ConversationsPage,
  CommentThread,
  Department as DepartmentView,
  Effect as EffectView,
  ForkBody,
  InvitationLook,
  Json,
  KnowledgeSource as SourceView,
  Message as MessageView,
  Model as ModelView,
  MessagePage as MessagesPage,
  NewPasskey,
  NodeTypePage as NodeTypesPage,
  Organization as OrganizationView,
  OrganizationPatch,
  Passkey as PasskeyView,
  Pause as PauseView,
  ReplayBody,
  RetentionView,
  Run as RunView,
  RunPage as RunsPage,
  RunTimeline,
  RunWithSteps,
  Session,
  SimulatorMessage,
  Step as StepView,
  StepBrief,
  Template as TemplateView,
  Proposal as ProposalView,
  Traffic as TrafficView,
  WhatsAppCreate,
} from './generated/types.js';
/** What a list of runs can be asked for. */
export type RunsQuery = NonNullable<NonNullable<(typeof listRuns)['input']>['query']>;
/** What of the log is asked for, the same for the page and for the file. */
export type AuditFilters = Omit<NonNullable<NonNullable<(typeof exportAudit)['input']>['query']>, 'format'>;
export type { LiveEvent } from '#engine/graph/events.js';
export type { Definition } from '#engine/graph/definition.js';
export type { JsonObject as JsonSchema } from '#nodes/sdk/json.js';
export type { PublicNode } from '#nodes/sdk/publicNode.js';
