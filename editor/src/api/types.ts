/** What the API says, from the server's own schemas. Types only: no server code reaches the browser. */
export type { Session } from '#server/api/auth/schemas.js';
export type { AccountView, SessionsPage } from '#server/api/account/schemas.js';
export type { Challenge, NewPasskey, PasskeyView } from '#server/api/factors/schemas.js';
export type { InvitationLook, InvitationsPage, MembersPage } from '#server/api/members/schemas.js';
export type { ApiKeyCreate, ApiKeysPage, ApiKeyView, NewApiKey } from '#server/api/apiKeys/schemas.js';
export type { AuditEntryView } from '#server/api/audit/schemas.js';
export type { Page } from '#server/api/common.js';
export type { MailPage, MailView } from '#server/api/outbox/schemas.js';
export type { MyOrganization, OrganizationPatch, OrganizationView } from '#server/api/organizations/schemas.js';
export type { TemplatesPage, TemplateView, TemplateWithDefinition } from '#server/api/templates/schemas.js';
export type {
  DepartmentsPage,
  DepartmentView,
  PublishView,
  VersionWithDefinition,
} from '#server/api/departments/schemas.js';
export type { ChannelsPage, ChannelView, WhatsAppCreate } from '#server/api/integrations/schemas.js';
export type { ConversationsPage, ConversationView, MessagesPage } from '#server/api/conversations/schemas.js';
export type { SimulatorAccepted, SimulatorMessage } from '#server/api/simulator/schemas.js';
export type { RunsPage, RunView, RunWithSteps, WaitView } from '#server/api/runs/schemas.js';
export type { PassagesView, SourcesPage, SourceView } from '#server/api/knowledge/schemas.js';
export type { Overview } from '#server/api/analytics/schemas.js';
export type { AgentsPage, AgentView } from '#server/api/agents/schemas.js';
export type { NodeTypesPage } from '#server/api/nodeTypes/schemas.js';
export type { LiveEvent, MessageView, StepView } from '#engine/graph/events.js';
export type { Definition } from '#engine/graph/definition.js';
export type { PublicNode } from '#nodes/sdk/publicNode.js';
