/** What the API says, from the server's own schemas. Types only: no server code reaches the browser. */
export type { Session } from '#server/api/auth/schemas.js';
export type { OrganizationPatch, OrganizationView } from '#server/api/organizations/schemas.js';
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
