// Written by `npm run client:generate` from the OpenAPI document; a test fails when it is stale.
import type { Operation } from '../operation.js';
import type {
  Account,
  AccountPatch,
  AgentPage,
  AnalyticsOverview,
  AnswerBody,
  ApiKeyCreate,
  ApiKeyPage,
  AuditPage,
  Challenge,
  Channel,
  ChannelPage,
  CodeBody,
  CommentCreate,
  CommentPatch,
  CommentThread,
  CommentThreadCreate,
  CommentThreadPage,
  ConfirmBody,
  Connection,
  ConnectionCreate,
  ConnectionPage,
  ConnectionPatch,
  ConnectionTest,
  ConnectionTested,
  Conversation,
  ConversationPage,
  DefinitionDiff,
  Department,
  DepartmentCreate,
  DepartmentPage,
  DepartmentPatch,
  DepartmentVersionPage,
  DepartmentVersionWithDefinition,
  DepartmentWebhookList,
  DraftBody,
  DraftChanges,
  EffectPage,
  EffectResolved,
  EmailBody,
  EventAccepted,
  ForgotBody,
  ForkBody,
  Invitation,
  InvitationCreate,
  InvitationLook,
  InvitationPage,
  InvitationToken,
  JoinBody,
  Json,
  KeyRenewed,
  KnowledgeSearch,
  KnowledgeSource,
  KnowledgeSourceCreate,
  KnowledgeSourcePage,
  KnowledgeSourceWithText,
  LoginBody,
  MemberPage,
  MemberPatch,
  Message,
  MessagePage,
  ModelKeys,
  ModelKeysPut,
  ModelPage,
  MyOrganization,
  MyOrganizationPage,
  NewApiKey,
  NewPasskey,
  NodeTypePage,
  Organization,
  OrganizationCreate,
  OrganizationPatch,
  OutboxMail,
  OutboxPage,
  PassageList,
  PasskeyBody,
  PasskeyList,
  PasskeyLoginBody,
  PasskeyRegistrationOptions,
  PasskeyRequestOptions,
  PasswordBody,
  PasswordConfirmation,
  ProblemList,
  Proposal,
  ProposalCreate,
  Published,
  RecoveryCodes,
  RefreshBody,
  RegisterBody,
  ReplayBody,
  ResetBody,
  ResolveEffectBody,
  ResumeBody,
  RetentionPatch,
  RetentionView,
  Roles,
  RunAccepted,
  RunCreate,
  RunDefinition,
  RunPage,
  RunTimeline,
  RunWithSteps,
  Session,
  SignInPage,
  SimulatorAccepted,
  SimulatorCreate,
  SimulatorMessage,
  StepPage,
  SwitchBody,
  TemplatePage,
  TemplateWithDefinition,
  Ticket,
  TokenBody,
  TotpConfirmBody,
  TotpSecret,
  Traffic,
  TransferBody,
  WebhookAccepted,
  WhatsAppCreate,
} from './types.js';

/** Accept an invitation with my account */
export const acceptInvitation: Operation<{ readonly body: InvitationToken }, Session> = {
  method: 'POST',
  path: '/auth/invitations/accept',
};
/** Take a conversation over: the team goes quiet */
export const assignConversation: Operation<
  { readonly path: { readonly id: string }; readonly body: Readonly<Record<string, never>> | null },
  Conversation
> = { method: 'POST', path: '/conversations/{id}/assign' };
/** Begin to add a passkey */
export const beginPasskey: Operation<{ readonly body: PasswordConfirmation }, PasskeyRegistrationOptions> = {
  method: 'POST',
  path: '/account/passkeys/options',
};
/** Begin to sign in with a passkey */
export const beginPasskeyLogin: Operation<
  {
    readonly body: {
      readonly challenge?: string;
    } | null;
  },
  PasskeyRequestOptions
> = { method: 'POST', path: '/auth/passkeys/options' };
/** Add an authenticator app */
export const beginTotp: Operation<{ readonly body: PasswordConfirmation }, TotpSecret> = {
  method: 'POST',
  path: '/account/totp',
};
/** Start a department from another system */
export const callDepartmentWebhook: Operation<
  {
    readonly path: { readonly token: string };
    readonly query?: {
      readonly query?:
        | {
            readonly [key: string]: string;
          }
        | undefined;
    };
    readonly body: Json;
  },
  WebhookAccepted
> = { method: 'POST', path: '/webhooks/departments/{token}' };
/** Stop a run */
export const cancelRun: Operation<
  { readonly path: { readonly id: string }; readonly body: Readonly<Record<string, never>> | null },
  RunAccepted
> = { method: 'POST', path: '/runs/{id}/cancel' };
/** Sign in with another e-mail */
export const changeEmail: Operation<{ readonly body: EmailBody }, Readonly<Record<string, never>>> = {
  method: 'POST',
  path: '/account/email',
};
/** Change my password */
export const changePassword: Operation<{ readonly body: PasswordBody }, Session> = {
  method: 'POST',
  path: '/account/password',
};
/** End a conversation */
export const closeConversation: Operation<
  { readonly path: { readonly id: string }; readonly body: Readonly<Record<string, never>> | null },
  Conversation
> = { method: 'POST', path: '/conversations/{id}/close' };
/** Turn the authenticator app on */
export const confirmTotp: Operation<{ readonly body: TotpConfirmBody }, RecoveryCodes> = {
  method: 'POST',
  path: '/account/totp/confirm',
};
/** Connect a WhatsApp number */
export const connectWhatsApp: Operation<{ readonly body: WhatsAppCreate }, Channel> = {
  method: 'POST',
  path: '/integrations/whatsapp',
};
/** Make an API key */
export const createApiKey: Operation<{ readonly body: ApiKeyCreate }, NewApiKey> = {
  method: 'POST',
  path: '/api-keys',
};
/** Answer a customer oneself */
export const createConversationMessage: Operation<
  { readonly path: { readonly id: string }; readonly body: AnswerBody },
  Message
> = { method: 'POST', path: '/conversations/{id}/messages' };
/** Hire a department */
export const createDepartment: Operation<{ readonly body: DepartmentCreate }, Department> = {
  method: 'POST',
  path: '/departments',
};
/** Begin a thread of comments */
export const createDepartmentComment: Operation<
  { readonly path: { readonly id: string }; readonly body: CommentThreadCreate },
  CommentThread
> = { method: 'POST', path: '/departments/{id}/comments' };
/** Answer in a thread */
export const createDepartmentCommentReply: Operation<
  { readonly path: { readonly id: string; readonly commentId: string }; readonly body: CommentCreate },
  CommentThread
> = { method: 'POST', path: '/departments/{id}/comments/{commentId}/replies' };
/** Ask for a change in words */
export const createDepartmentProposal: Operation<
  { readonly path: { readonly id: string }; readonly body: ProposalCreate },
  Proposal
> = { method: 'POST', path: '/departments/{id}/proposals' };
/** Make a connection */
export const createIntegrationConnection: Operation<{ readonly body: ConnectionCreate }, Connection> = {
  method: 'POST',
  path: '/integrations/connections',
};
/** Invite somebody by mail */
export const createInvitation: Operation<{ readonly body: InvitationCreate }, Invitation> = {
  method: 'POST',
  path: '/organizations/current/invitations',
};
/** Tell the team something */
export const createKnowledgeSource: Operation<{ readonly body: KnowledgeSourceCreate }, KnowledgeSource> = {
  method: 'POST',
  path: '/knowledge/sources',
};
/** Make another organization */
export const createOrganization: Operation<{ readonly body: OrganizationCreate }, MyOrganization> = {
  method: 'POST',
  path: '/organizations',
};
/** Add a passkey */
export const createPasskey: Operation<{ readonly body: PasskeyBody }, NewPasskey> = {
  method: 'POST',
  path: '/account/passkeys',
};
/** A ticket for a WebSocket */
export const createRealtimeTicket: Operation<{ readonly body: Readonly<Record<string, never>> | null }, Ticket> = {
  method: 'POST',
  path: '/realtime/ticket',
};
/** A sample bakery to try things in */
export const createSample: Operation<
  {
    readonly body: {
      readonly locale?: 'pt-BR' | 'en';
    } | null;
  },
  Session
> = { method: 'POST', path: '/auth/sample' };
/** Write as a customer would */
export const createSimulatorMessage: Operation<
  { readonly path: { readonly channelId: string }; readonly body: SimulatorMessage },
  SimulatorAccepted
> = { method: 'POST', path: '/simulator/{channelId}/messages' };
/** Report an event that runs wait for */
export const createWebhookEvent: Operation<
  {
    readonly path: { readonly token: string };
    readonly query?: { readonly key?: string | undefined; readonly id?: string | undefined };
    readonly body: Json;
  },
  EventAccepted
> = { method: 'POST', path: '/webhooks/events/{token}' };
/** Delete my account */
export const deleteAccount: Operation<{ readonly body: ConfirmBody }, void> = { method: 'DELETE', path: '/account' };
/** Revoke an API key */
export const deleteApiKey: Operation<{ readonly path: { readonly id: string } }, void> = {
  method: 'DELETE',
  path: '/api-keys/{id}',
};
/** Dismiss a department */
export const deleteDepartment: Operation<{ readonly path: { readonly id: string } }, void> = {
  method: 'DELETE',
  path: '/departments/{id}',
};
/** Take a comment away */
export const deleteDepartmentComment: Operation<
  { readonly path: { readonly id: string; readonly commentId: string } },
  void
> = { method: 'DELETE', path: '/departments/{id}/comments/{commentId}' };
/** Disconnect a channel */
export const deleteIntegration: Operation<{ readonly path: { readonly id: string } }, void> = {
  method: 'DELETE',
  path: '/integrations/{id}',
};
/** Delete a connection */
export const deleteIntegrationConnection: Operation<
  { readonly path: { readonly id: string }; readonly query?: { readonly force?: 'true' | 'false' | undefined } },
  void
> = { method: 'DELETE', path: '/integrations/connections/{id}' };
/** Withdraw an invitation */
export const deleteInvitation: Operation<{ readonly path: { readonly id: string } }, void> = {
  method: 'DELETE',
  path: '/organizations/current/invitations/{id}',
};
/** Forget a source */
export const deleteKnowledgeSource: Operation<{ readonly path: { readonly id: string } }, void> = {
  method: 'DELETE',
  path: '/knowledge/sources/{id}',
};
/** Take somebody out */
export const deleteMember: Operation<{ readonly path: { readonly userId: string } }, void> = {
  method: 'DELETE',
  path: '/organizations/current/members/{userId}',
};
/** Delete the organization */
export const deleteOrganization: Operation<{ readonly body: ConfirmBody }, void> = {
  method: 'DELETE',
  path: '/organizations/current',
};
/** Sign out everywhere else */
export const deleteOtherSessions: Operation<object, void> = { method: 'DELETE', path: '/auth/sessions' };
/** Remove a passkey */
export const deletePasskey: Operation<
  { readonly path: { readonly id: string }; readonly body: PasswordConfirmation },
  void
> = { method: 'DELETE', path: '/account/passkeys/{id}' };
/** Sign out there */
export const deleteSession: Operation<{ readonly path: { readonly id: string } }, void> = {
  method: 'DELETE',
  path: '/auth/sessions/{id}',
};
/** Turn the authenticator app off */
export const deleteTotp: Operation<{ readonly body: PasswordConfirmation }, void> = {
  method: 'DELETE',
  path: '/account/totp',
};
/** The audit log as a file */
export const exportAudit: Operation<
  {
    readonly query?: {
      readonly format?: 'csv' | 'ndjson' | undefined;
      readonly actor?: (string | 'system') | undefined;
      readonly action?:
        | 'session.open'
        | 'session.refuse'
        | 'session.revoke'
        | 'session.close'
        | 'session.switch'
        | 'session.reuse'
        | 'account.update'
        | 'account.password'
        | 'account.email'
        | 'account.factors'
        | 'organization.create'
        | 'organization.update'
        | 'organization.transfer'
        | 'organization.delete'
        | 'organization.rotateKey'
        | 'member.join'
        | 'member.update'
        | 'member.remove'
        | 'member.leave'
        | 'invitation.create'
        | 'invitation.resend'
        | 'invitation.revoke'
        | 'apiKey.create'
        | 'apiKey.revoke'
        | 'department.create'
        | 'department.update'
        | 'department.draft'
        | 'department.publish'
        | 'department.restore'
        | 'department.dismiss'
        | 'comment.create'
        | 'comment.update'
        | 'comment.delete'
        | 'department.propose'
        | 'run.start'
        | 'run.resume'
        | 'run.cancel'
        | 'run.retry'
        | 'run.fork'
        | 'run.replay'
        | 'run.settleEffect'
        | 'channel.connect'
        | 'channel.disconnect'
        | 'connection.create'
        | 'connection.update'
        | 'connection.delete'
        | 'connection.test'
        | 'knowledge.add'
        | 'knowledge.remove'
        | 'conversation.answer'
        | 'conversation.assign'
        | 'conversation.release'
        | 'conversation.close'
        | 'privacy.export'
        | 'privacy.erase'
        | 'privacy.update'
        | 'audit.export'
        | undefined;
      readonly target?: string | undefined;
      readonly from?: string | undefined;
      readonly to?: string | undefined;
      readonly q?: string | undefined;
    };
  },
  string
> = { method: 'GET', path: '/audit/export' };
/** Ask for a way to a new password */
export const forgotPassword: Operation<{ readonly body: ForgotBody }, Readonly<Record<string, never>>> = {
  method: 'POST',
  path: '/auth/password/forgot',
};
/** Branch off from a step of a run */
export const forkRun: Operation<{ readonly path: { readonly id: string }; readonly body: ForkBody }, RunAccepted> = {
  method: 'POST',
  path: '/runs/{id}/fork',
};
/** Who I am, and where I work */
export const getAccount: Operation<object, Account> = { method: 'GET', path: '/account' };
/** What the team has done since a time */
export const getAnalyticsOverview: Operation<
  { readonly query?: { readonly from?: string | undefined } },
  AnalyticsOverview
> = { method: 'GET', path: '/analytics/overview' };
/** One conversation */
export const getConversation: Operation<{ readonly path: { readonly id: string } }, Conversation> = {
  method: 'GET',
  path: '/conversations/{id}',
};
/** One department */
export const getDepartment: Operation<{ readonly path: { readonly id: string } }, Department> = {
  method: 'GET',
  path: '/departments/{id}',
};
/** What real runs of a version did at each of its nodes */
export const getDepartmentTraffic: Operation<
  {
    readonly path: { readonly id: string };
    readonly query?: { readonly version?: number | undefined; readonly hours?: number | undefined };
  },
  Traffic
> = { method: 'GET', path: '/departments/{id}/traffic' };
/** One version */
export const getDepartmentVersion: Operation<
  { readonly path: { readonly id: string; readonly version: number } },
  DepartmentVersionWithDefinition
> = { method: 'GET', path: '/departments/{id}/versions/{version}' };
/** What changed from one version to another */
export const getDepartmentVersionCompare: Operation<
  { readonly path: { readonly id: string; readonly version: number; readonly other: number } },
  DefinitionDiff
> = { method: 'GET', path: '/departments/{id}/versions/{version}/compare/{other}' };
/** One connection */
export const getIntegrationConnection: Operation<{ readonly path: { readonly id: string } }, Connection> = {
  method: 'GET',
  path: '/integrations/connections/{id}',
};
/** One source with its text */
export const getKnowledgeSource: Operation<{ readonly path: { readonly id: string } }, KnowledgeSourceWithText> = {
  method: 'GET',
  path: '/knowledge/sources/{id}',
};
/** The picture at a public address */
export const getMediaPicture: Operation<{ readonly query: { readonly link?: string | undefined } }, string> = {
  method: 'GET',
  path: '/media/picture',
};
/** The caller's organization */
export const getOrganization: Operation<object, Organization> = { method: 'GET', path: '/organizations/current' };
/** One mail with its text */
export const getOutboxMail: Operation<{ readonly path: { readonly id: string } }, OutboxMail> = {
  method: 'GET',
  path: '/outbox/{id}',
};
/** How long runs are kept */
export const getRetention: Operation<object, RetentionView> = {
  method: 'GET',
  path: '/organizations/current/retention',
};
/** One run, step by step */
export const getRun: Operation<{ readonly path: { readonly id: string } }, RunWithSteps> = {
  method: 'GET',
  path: '/runs/{id}',
};
/** The department as it was when a run began */
export const getRunDefinition: Operation<{ readonly path: { readonly id: string } }, RunDefinition> = {
  method: 'GET',
  path: '/runs/{id}/definition',
};
/** When each step of a run worked and waited */
export const getRunTimeline: Operation<{ readonly path: { readonly id: string } }, RunTimeline> = {
  method: 'GET',
  path: '/runs/{id}/timeline',
};
/** One template with its definition */
export const getTemplate: Operation<{ readonly path: { readonly slug: string } }, TemplateWithDefinition> = {
  method: 'GET',
  path: '/templates/{slug}',
};
/** Accept an invitation with a new account */
export const joinByInvitation: Operation<{ readonly body: JoinBody }, Session> = {
  method: 'POST',
  path: '/auth/invitations/join',
};
/** Renew the key that seals what is secret and personal */
export const key: Operation<{ readonly body: Readonly<Record<string, never>> | null }, KeyRenewed> = {
  method: 'POST',
  path: '/organizations/current/key',
};
/** Leave the organization */
export const leaveOrganization: Operation<{ readonly body: Readonly<Record<string, never>> | null }, void> = {
  method: 'POST',
  path: '/organizations/current/leave',
};
/** Everyone who thinks, with their work of the last 30 days */
export const listAgents: Operation<
  { readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined } },
  AgentPage
> = { method: 'GET', path: '/agents' };
/** API keys, newest first */
export const listApiKeys: Operation<
  { readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined } },
  ApiKeyPage
> = { method: 'GET', path: '/api-keys' };
/** Who did what, the latest first */
export const listAuditEntries: Operation<
  {
    readonly query?: {
      readonly limit?: number | undefined;
      readonly cursor?: string | undefined;
      readonly actor?: (string | 'system') | undefined;
      readonly action?:
        | 'session.open'
        | 'session.refuse'
        | 'session.revoke'
        | 'session.close'
        | 'session.switch'
        | 'session.reuse'
        | 'account.update'
        | 'account.password'
        | 'account.email'
        | 'account.factors'
        | 'organization.create'
        | 'organization.update'
        | 'organization.transfer'
        | 'organization.delete'
        | 'organization.rotateKey'
        | 'member.join'
        | 'member.update'
        | 'member.remove'
        | 'member.leave'
        | 'invitation.create'
        | 'invitation.resend'
        | 'invitation.revoke'
        | 'apiKey.create'
        | 'apiKey.revoke'
        | 'department.create'
        | 'department.update'
        | 'department.draft'
        | 'department.publish'
        | 'department.restore'
        | 'department.dismiss'
        | 'comment.create'
        | 'comment.update'
        | 'comment.delete'
        | 'department.propose'
        | 'run.start'
        | 'run.resume'
        | 'run.cancel'
        | 'run.retry'
        | 'run.fork'
        | 'run.replay'
        | 'run.settleEffect'
        | 'channel.connect'
        | 'channel.disconnect'
        | 'connection.create'
        | 'connection.update'
        | 'connection.delete'
        | 'connection.test'
        | 'knowledge.add'
        | 'knowledge.remove'
        | 'conversation.answer'
        | 'conversation.assign'
        | 'conversation.release'
        | 'conversation.close'
        | 'privacy.export'
        | 'privacy.erase'
        | 'privacy.update'
        | 'audit.export'
        | undefined;
      readonly target?: string | undefined;
      readonly from?: string | undefined;
      readonly to?: string | undefined;
      readonly q?: string | undefined;
    };
  },
  AuditPage
> = { method: 'GET', path: '/audit' };
/** Its messages, newest first */
export const listConversationMessages: Operation<
  {
    readonly path: { readonly id: string };
    readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined };
  },
  MessagePage
> = { method: 'GET', path: '/conversations/{id}/messages' };
/** The inbox, most recent first */
export const listConversations: Operation<
  {
    readonly query?: {
      readonly limit?: number | undefined;
      readonly cursor?: string | undefined;
      readonly channelId?: string | undefined;
      readonly departmentId?: string | undefined;
      readonly handler?: 'team' | 'person' | undefined;
      readonly status?: 'open' | 'closed' | undefined;
    };
  },
  ConversationPage
> = { method: 'GET', path: '/conversations' };
/** What the next publish would change, and whose changes they are */
export const listDepartmentChanges: Operation<{ readonly path: { readonly id: string } }, DraftChanges> = {
  method: 'GET',
  path: '/departments/{id}/changes',
};
/** Threads of comments, newest first */
export const listDepartmentComments: Operation<
  {
    readonly path: { readonly id: string };
    readonly query?: {
      readonly limit?: number | undefined;
      readonly cursor?: string | undefined;
      readonly resolved?: 'true' | 'false' | undefined;
      readonly nodeId?: string | undefined;
    };
  },
  CommentThreadPage
> = { method: 'GET', path: '/departments/{id}/comments' };
/** A department's runs, newest first */
export const listDepartmentRuns: Operation<
  {
    readonly path: { readonly id: string };
    readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined };
  },
  RunPage
> = { method: 'GET', path: '/departments/{id}/runs' };
/** All versions, newest first */
export const listDepartmentVersions: Operation<
  {
    readonly path: { readonly id: string };
    readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined };
  },
  DepartmentVersionPage
> = { method: 'GET', path: '/departments/{id}/versions' };
/** Addresses for other systems */
export const listDepartmentWebhooks: Operation<{ readonly path: { readonly id: string } }, DepartmentWebhookList> = {
  method: 'GET',
  path: '/departments/{id}/webhooks',
};
/** All departments */
export const listDepartments: Operation<
  {
    readonly query?: {
      readonly limit?: number | undefined;
      readonly cursor?: string | undefined;
      readonly status?: 'draft' | 'active' | 'paused' | undefined;
    };
  },
  DepartmentPage
> = { method: 'GET', path: '/departments' };
/** Actions of which somebody must say whether they happened, oldest first */
export const listEffects: Operation<
  { readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined } },
  EffectPage
> = { method: 'GET', path: '/effects' };
/** Connections, newest first */
export const listIntegrationConnections: Operation<
  {
    readonly query?: {
      readonly limit?: number | undefined;
      readonly cursor?: string | undefined;
      readonly kind?: 'bearer' | 'header' | 'basic' | 'oauth2' | 'openai' | 'anthropic' | 'gemini' | undefined;
    };
  },
  ConnectionPage
> = { method: 'GET', path: '/integrations/connections' };
/** Whose keys the agents use */
export const listIntegrationModels: Operation<object, ModelKeys> = { method: 'GET', path: '/integrations/models' };
/** Connected channels */
export const listIntegrations: Operation<
  {
    readonly query?: {
      readonly limit?: number | undefined;
      readonly cursor?: string | undefined;
      readonly departmentId?: string | undefined;
      readonly kind?: 'whatsapp' | 'simulator' | undefined;
    };
  },
  ChannelPage
> = { method: 'GET', path: '/integrations' };
/** Open invitations, newest first */
export const listInvitations: Operation<
  { readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined } },
  InvitationPage
> = { method: 'GET', path: '/organizations/current/invitations' };
/** What the team has read */
export const listKnowledgeSources: Operation<
  { readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined } },
  KnowledgeSourcePage
> = { method: 'GET', path: '/knowledge/sources' };
/** Who works here */
export const listMembers: Operation<
  { readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined } },
  MemberPage
> = { method: 'GET', path: '/organizations/current/members' };
/** Models that a step may think with */
export const listModels: Operation<
  { readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined } },
  ModelPage
> = { method: 'GET', path: '/models' };
/** Everything a department can do */
export const listNodeTypes: Operation<
  { readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined } },
  NodeTypePage
> = { method: 'GET', path: '/node-types' };
/** My organizations */
export const listOrganizations: Operation<
  { readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined } },
  MyOrganizationPage
> = { method: 'GET', path: '/organizations' };
/** Mails that were written, newest first */
export const listOutbox: Operation<
  { readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined } },
  OutboxPage
> = { method: 'GET', path: '/outbox' };
/** My passkeys, the oldest first */
export const listPasskeys: Operation<
  { readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined } },
  PasskeyList
> = { method: 'GET', path: '/account/passkeys' };
/** What each role may do */
export const listRoles: Operation<object, Roles> = { method: 'GET', path: '/organizations/current/roles' };
/** Every try of every step, with what went in and out, by path */
export const listRunSteps: Operation<
  {
    readonly path: { readonly id: string };
    readonly query?: {
      readonly limit?: number | undefined;
      readonly cursor?: string | undefined;
      readonly path?: string | undefined;
      readonly attempt?: number | undefined;
      readonly whole?: 'output' | undefined;
    };
  },
  StepPage
> = { method: 'GET', path: '/runs/{id}/steps' };
/** Runs, newest first */
export const listRuns: Operation<
  {
    readonly query?: {
      readonly limit?: number | undefined;
      readonly cursor?: string | undefined;
      readonly departmentId?: string | undefined;
      readonly conversationId?: string | undefined;
      readonly status?: 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'canceled' | undefined;
      readonly version?: number | undefined;
      readonly trigger?: string | undefined;
      readonly from?: string | undefined;
      readonly to?: string | undefined;
      readonly q?: string | undefined;
      readonly origin?: 'first' | 'replayed' | 'forked' | undefined;
      readonly effects?: 'uncertain' | undefined;
      readonly needs?: 'person' | undefined;
      readonly order?: 'newest' | 'failedFirst' | undefined;
    };
  },
  RunPage
> = { method: 'GET', path: '/runs' };
/** Where I am signed in, newest first */
export const listSessions: Operation<
  { readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined } },
  SignInPage
> = { method: 'GET', path: '/auth/sessions' };
/** Departments one can hire */
export const listTemplates: Operation<
  { readonly query?: { readonly limit?: number | undefined; readonly cursor?: string | undefined } },
  TemplatePage
> = { method: 'GET', path: '/templates' };
/** Sign in */
export const login: Operation<{ readonly body: LoginBody }, Session | Challenge> = {
  method: 'POST',
  path: '/auth/login',
};
/** Sign in: the code */
export const loginWithCode: Operation<{ readonly body: CodeBody }, Session> = {
  method: 'POST',
  path: '/auth/login/totp',
};
/** Sign in with a passkey */
export const loginWithPasskey: Operation<{ readonly body: PasskeyLoginBody }, Session> = {
  method: 'POST',
  path: '/auth/passkeys/login',
};
/** End a session */
export const logout: Operation<{ readonly body: RefreshBody }, void> = { method: 'POST', path: '/auth/logout' };
/** What an invitation is to */
export const lookAtInvitation: Operation<{ readonly body: InvitationToken }, InvitationLook> = {
  method: 'POST',
  path: '/auth/invitations/look',
};
/** A department's simulator */
export const openSimulator: Operation<{ readonly body: SimulatorCreate }, Channel> = {
  method: 'POST',
  path: '/integrations/simulator',
};
/** Make the draft live */
export const publishDepartment: Operation<
  {
    readonly path: { readonly id: string };
    readonly body: {
      readonly note?: string;
    } | null;
  },
  Published
> = { method: 'POST', path: '/departments/{id}/publish' };
/** Change a refresh token for a new pair */
export const refresh: Operation<{ readonly body: RefreshBody }, Session> = { method: 'POST', path: '/auth/refresh' };
/** Create an account and its organization */
export const register: Operation<{ readonly body: RegisterBody }, Session> = { method: 'POST', path: '/auth/register' };
/** Give a conversation back to the team */
export const releaseConversation: Operation<
  { readonly path: { readonly id: string }; readonly body: Readonly<Record<string, never>> | null },
  Conversation
> = { method: 'POST', path: '/conversations/{id}/release' };
/** New recovery codes */
export const renewRecoveryCodes: Operation<{ readonly body: PasswordConfirmation }, RecoveryCodes> = {
  method: 'POST',
  path: '/account/recovery-codes',
};
/** Store the draft */
export const replaceDepartmentDraft: Operation<
  { readonly path: { readonly id: string }; readonly body: DraftBody },
  ProblemList
> = { method: 'PUT', path: '/departments/{id}/draft' };
/** Choose whose keys the agents use */
export const replaceIntegrationModel: Operation<{ readonly body: ModelKeysPut }, ModelKeys> = {
  method: 'PUT',
  path: '/integrations/models',
};
/** Repeat a run with the same input */
export const replayRun: Operation<
  { readonly path: { readonly id: string }; readonly body: ReplayBody | null },
  RunAccepted
> = { method: 'POST', path: '/runs/{id}/replay' };
/** Send an invitation again */
export const resendInvitation: Operation<
  { readonly path: { readonly id: string }; readonly body: Readonly<Record<string, never>> | null },
  Invitation
> = { method: 'POST', path: '/organizations/current/invitations/{id}/resend' };
/** Send the mail that confirms my address again */
export const resendVerification: Operation<
  { readonly body: Readonly<Record<string, never>> | null },
  Readonly<Record<string, never>>
> = { method: 'POST', path: '/account/verify-email' };
/** Choose a new password */
export const resetPassword: Operation<{ readonly body: ResetBody }, void> = {
  method: 'POST',
  path: '/auth/password/reset',
};
/** Say whether an uncertain action happened */
export const resolveRunEffect: Operation<
  { readonly path: { readonly id: string; readonly effectId: string }; readonly body: ResolveEffectBody },
  EffectResolved
> = { method: 'POST', path: '/runs/{id}/effects/{effectId}/resolve' };
/** Make an old version the draft again */
export const restoreDepartmentVersion: Operation<
  {
    readonly path: { readonly id: string; readonly version: number };
    readonly body: Readonly<Record<string, never>> | null;
  },
  Department
> = { method: 'POST', path: '/departments/{id}/versions/{version}/restore' };
/** Answer a waiting run */
export const resumeRun: Operation<{ readonly path: { readonly id: string }; readonly body: ResumeBody }, RunAccepted> =
  { method: 'POST', path: '/runs/{id}/resume' };
/** Take a failed run up again */
export const retryRun: Operation<
  { readonly path: { readonly id: string }; readonly body: Readonly<Record<string, never>> | null },
  RunAccepted
> = { method: 'POST', path: '/runs/{id}/retry' };
/** Find passages */
export const searchKnowledge: Operation<{ readonly body: KnowledgeSearch }, PassageList> = {
  method: 'POST',
  path: '/knowledge/search',
};
/** Start a run by hand */
export const startRun: Operation<{ readonly path: { readonly id: string }; readonly body: RunCreate }, RunAccepted> = {
  method: 'POST',
  path: '/departments/{id}/runs',
};
/** Go on in another organization */
export const switchOrganization: Operation<{ readonly body: SwitchBody }, Session> = {
  method: 'POST',
  path: '/auth/switch',
};
/** Try a connection */
export const testIntegrationConnection: Operation<
  { readonly path: { readonly id: string }; readonly body: ConnectionTest },
  ConnectionTested
> = { method: 'POST', path: '/integrations/connections/{id}/test' };
/** Hand the organization over */
export const transferOrganization: Operation<{ readonly body: TransferBody }, void> = {
  method: 'POST',
  path: '/organizations/current/transfer',
};
/** Change my name or language */
export const updateAccount: Operation<{ readonly body: AccountPatch }, Account> = { method: 'PATCH', path: '/account' };
/** Rename, pause or resume a department */
export const updateDepartment: Operation<
  { readonly path: { readonly id: string }; readonly body: DepartmentPatch },
  Department
> = { method: 'PATCH', path: '/departments/{id}' };
/** Change a comment, resolve a thread or open it again */
export const updateDepartmentComment: Operation<
  { readonly path: { readonly id: string; readonly commentId: string }; readonly body: CommentPatch },
  CommentThread
> = { method: 'PATCH', path: '/departments/{id}/comments/{commentId}' };
/** Rename a connection or replace its secret */
export const updateIntegrationConnection: Operation<
  { readonly path: { readonly id: string }; readonly body: ConnectionPatch },
  Connection
> = { method: 'PATCH', path: '/integrations/connections/{id}' };
/** Change somebody's role */
export const updateMember: Operation<{ readonly path: { readonly userId: string }; readonly body: MemberPatch }, void> =
  { method: 'PATCH', path: '/organizations/current/members/{userId}' };
/** Change its name, language, time zone or profile */
export const updateOrganization: Operation<{ readonly body: OrganizationPatch }, Organization> = {
  method: 'PATCH',
  path: '/organizations/current',
};
/** Change how long runs are kept */
export const updateRetention: Operation<{ readonly body: RetentionPatch }, RetentionView> = {
  method: 'PATCH',
  path: '/organizations/current/retention',
};
/** Confirm an e-mail address */
export const verifyEmail: Operation<{ readonly body: TokenBody }, void> = {
  method: 'POST',
  path: '/auth/verify-email',
};
