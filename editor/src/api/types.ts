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
  Channel as ChannelView,
  Conversation as ConversationView,
  ConversationPage as ConversationsPage,
  Department as DepartmentView,
  InvitationLook,
  KnowledgeSource as SourceView,
  NewPasskey,
  Organization as OrganizationView,
  OrganizationPatch,
  OutboxMail as MailView,
  OutboxPage as MailPage,
  Passkey as PasskeyView,
  Run as RunView,
  RunPage as RunsPage,
  RunWithSteps,
  Session,
  SimulatorMessage,
  Template as TemplateView,
  WhatsAppCreate,
} from './generated/types.js';
export type { MessagesPage } from '#server/api/conversations/schemas.js';
export type { NodeTypesPage } from '#server/api/nodeTypes/schemas.js';
export type { LiveEvent, MessageView, StepView } from '#engine/graph/events.js';
export type { Definition } from '#engine/graph/definition.js';
export type { PublicNode } from '#nodes/sdk/publicNode.js';
