// Written by `npm run client:generate` from the OpenAPI document; a test fails when it is stale.
import type { Definition } from '#engine/graph/definition.js';
export type { Definition };
export type Account = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly pendingEmail: string | null;
  readonly locale: 'pt-BR' | 'en' | null;
  readonly factors: {
    readonly totp: boolean;
    readonly passkeys: number;
    readonly recoveryCodesLeft: number;
  };
  readonly organizations: readonly {
    readonly id: string;
    readonly name: string;
    readonly role: 'owner' | 'admin' | 'member' | 'viewer';
    readonly current: boolean;
  }[];
};
export type AccountPatch = {
  readonly name?: string;
  readonly locale?: 'pt-BR' | 'en';
};
export type Agent = {
  readonly departmentId: string;
  readonly departmentName: string;
  readonly nodeId: string;
  readonly type: string;
  readonly title: string;
  readonly runs: number;
  readonly failures: number;
  readonly medianMs: number | null;
  readonly tokens: {
    readonly input: number;
    readonly output: number;
  };
  readonly costMicros: number;
};
export type AgentPage = {
  readonly items: readonly Agent[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type AnalyticsOverview = {
  readonly from: string;
  readonly conversations: number;
  readonly messagesAnswered: number;
  readonly handedOff: number;
  readonly medianAnswerMs: number | null;
  readonly costMicros: number;
  readonly halfHours: readonly {
    readonly at: string;
    readonly answered: number;
    readonly handedOff: number;
  }[];
};
export type AnswerBody = {
  readonly text: string;
};
export type ApiKey = {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly permissions: readonly string[];
  readonly departments: readonly string[] | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
};
export type ApiKeyCreate = {
  readonly name: string;
  readonly permissions: readonly (
    | 'agents:read'
    | 'analytics:read'
    | 'apiKeys:read'
    | 'apiKeys:write'
    | 'audit:export'
    | 'audit:read'
    | 'comments:read'
    | 'comments:write'
    | 'connections:read'
    | 'connections:write'
    | 'conversations:answer'
    | 'conversations:read'
    | 'departments:publish'
    | 'departments:read'
    | 'departments:run'
    | 'departments:write'
    | 'integrations:read'
    | 'integrations:write'
    | 'knowledge:read'
    | 'knowledge:write'
    | 'media:read'
    | 'members:read'
    | 'members:write'
    | 'models:read'
    | 'nodeTypes:read'
    | 'organization:delete'
    | 'organization:read'
    | 'organization:rotateKey'
    | 'organization:transfer'
    | 'organization:write'
    | 'proposals:write'
    | 'realtime:read'
    | 'runs:control'
    | 'runs:read'
    | 'simulator:write'
    | 'templates:read'
  )[];
  readonly departments?: readonly string[] | null;
  readonly expiresAt?: string;
};
export type ApiKeyPage = {
  readonly items: readonly ApiKey[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type AuditEntry = {
  readonly id: string;
  readonly at: string;
  readonly actor: {
    readonly type: 'person' | 'api_key' | 'system';
    readonly id: string | null;
    readonly name: string;
  };
  readonly action: string;
  readonly target: {
    readonly type: string;
    readonly id: string;
    readonly name: string;
  } | null;
  readonly address: string;
  readonly userAgent: string;
  readonly requestId: string | null;
  readonly details: {
    readonly [key: string]: unknown;
  };
};
export type AuditPage = {
  readonly items: readonly AuditEntry[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
/** The password was right; one of these factors is still to be shown */
export type Challenge = {
  /** Give it back with an answer. Good for 10 minutes and 5 wrong codes */
  readonly challenge: string;
  readonly factors: readonly ('totp' | 'passkey' | 'recovery_code')[];
};
export type Channel = {
  readonly id: string;
  readonly kind: 'whatsapp' | 'simulator';
  readonly departmentId: string;
  readonly name: string;
  readonly phoneNumberId?: string;
  readonly createdAt: string;
};
export type ChannelPage = {
  readonly items: readonly Channel[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type CodeBody = {
  readonly challenge: string;
  /** Six digits of the authenticator app, or a recovery code */
  readonly code: string;
};
export type Comment = {
  readonly id: string;
  readonly author: {
    readonly id: string;
    readonly name: string | null;
  };
  readonly text: string;
  readonly mentions: readonly {
    readonly id: string;
    readonly name: string | null;
  }[];
  readonly createdAt: string;
  readonly editedAt: string | null;
};
export type CommentCreate = {
  readonly text: string;
  readonly mentions?: readonly string[];
};
export type CommentPatch = {
  readonly text?: string;
  readonly resolved?: boolean;
};
export type CommentThread = {
  readonly id: string;
  readonly author: {
    readonly id: string;
    readonly name: string | null;
  };
  readonly text: string;
  readonly mentions: readonly {
    readonly id: string;
    readonly name: string | null;
  }[];
  readonly createdAt: string;
  readonly editedAt: string | null;
  readonly nodeId: string | null;
  readonly resolvedAt: string | null;
  readonly resolvedBy: {
    readonly id: string;
    readonly name: string | null;
  } | null;
  readonly replies: readonly Comment[];
};
export type CommentThreadCreate = {
  readonly text: string;
  readonly mentions?: readonly string[];
  readonly nodeId?: string;
};
export type CommentThreadPage = {
  readonly items: readonly CommentThread[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type ConfirmBody = {
  readonly password: string;
};
export type Connection = {
  readonly id: string;
  readonly kind: 'bearer' | 'header' | 'basic' | 'oauth2' | 'openai' | 'anthropic' | 'gemini';
  readonly name: string;
  readonly hosts: readonly string[];
  readonly header?: string;
  readonly username?: string;
  readonly clientId?: string;
  readonly tokenUrl?: string;
  readonly scope?: string;
  readonly audience?: string;
  readonly clientAuth?: 'header' | 'body';
  readonly baseUrl?: string;
  readonly usedBy: readonly {
    readonly departmentId: string;
    readonly name: string;
    readonly live: boolean;
  }[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly lastUsedAt: string | null;
};
export type ConnectionCreate =
  | {
      readonly kind: 'bearer';
      readonly name: string;
      /** The only hosts that it goes to, whatever a step or a redirect says */
      readonly hosts: readonly string[];
      /** Sealed at once and never shown again */
      readonly secret: string;
    }
  | {
      readonly kind: 'header';
      readonly name: string;
      /** The only hosts that it goes to, whatever a step or a redirect says */
      readonly hosts: readonly string[];
      /** Sealed at once and never shown again */
      readonly secret: string;
      readonly header: string;
    }
  | {
      readonly kind: 'basic';
      readonly name: string;
      /** The only hosts that it goes to, whatever a step or a redirect says */
      readonly hosts: readonly string[];
      /** The password. Sealed at once and never shown again */
      readonly secret: string;
      readonly username: string;
    }
  | {
      readonly kind: 'oauth2';
      readonly name: string;
      /** The only hosts that it goes to, whatever a step or a redirect says */
      readonly hosts: readonly string[];
      /** Sealed at once and never shown again */
      readonly secret: string;
      readonly clientId: string;
      readonly tokenUrl: string;
      readonly scope?: string;
      readonly audience?: string;
      readonly clientAuth?: 'header' | 'body';
    }
  | {
      readonly kind: 'openai';
      readonly name: string;
      /** Sealed at once and never shown again */
      readonly secret: string;
      readonly baseUrl?: string;
    }
  | {
      readonly kind: 'anthropic';
      readonly name: string;
      /** Sealed at once and never shown again */
      readonly secret: string;
      readonly baseUrl?: string;
    }
  | {
      readonly kind: 'gemini';
      readonly name: string;
      /** Sealed at once and never shown again */
      readonly secret: string;
      readonly baseUrl?: string;
    };
export type ConnectionPage = {
  readonly items: readonly Connection[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type ConnectionPatch = {
  readonly name?: string;
  readonly secret?: string;
  /** The only hosts that it goes to, whatever a step or a redirect says */
  readonly hosts?: readonly string[];
};
export type ConnectionTest = {
  readonly url?: string;
};
export type ConnectionTested = {
  readonly ok: boolean;
  readonly outcome: 'accepted' | 'refused' | 'unreachable' | 'not_allowed' | 'failed';
  readonly status: number | null;
  readonly message: string;
};
export type Conversation = {
  readonly id: string;
  readonly channel: {
    readonly id: string;
    readonly kind: 'whatsapp' | 'simulator';
  };
  readonly contact: {
    readonly id: string;
    readonly name: string | null;
  };
  readonly departmentId: string;
  readonly status: 'open' | 'closed';
  readonly handler: 'team' | 'person';
  readonly assignedTo: string | null;
  readonly handoffReason: string | null;
  readonly handoffSummary: string | null;
  readonly locale: 'pt-BR' | 'en';
  readonly lastInboundAt: string | null;
  readonly lastMessageAt: string | null;
  readonly lastMessage: Message | null;
};
export type ConversationPage = {
  readonly items: readonly Conversation[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type DefinitionDiff = {
  readonly nodes: {
    readonly added: readonly Json[];
    readonly removed: readonly Json[];
    readonly changed: readonly {
      readonly nodeId: string;
      readonly fields: readonly {
        readonly path: string;
        /** Any JSON value */
        readonly before?: Json;
        /** Any JSON value */
        readonly after?: Json;
      }[];
      readonly onlyMoved: boolean;
    }[];
  };
  readonly edges: {
    readonly added: readonly Json[];
    readonly removed: readonly Json[];
  };
  readonly settings: readonly {
    readonly path: string;
    /** Any JSON value */
    readonly before?: Json;
    /** Any JSON value */
    readonly after?: Json;
  }[];
  readonly runsTheSame: boolean;
};
export type DefinitionError = {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details?: readonly {
      readonly path: string;
      readonly message: string;
    }[];
    readonly requestId: string;
  };
  readonly problems: readonly Problem[];
};
export type Department = {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly status: 'draft' | 'active' | 'paused';
  readonly draft: Definition;
  readonly published: {
    readonly version: number;
    readonly definition: Definition;
  } | null;
  readonly createdAt: string;
  readonly updatedAt: string;
};
export type DepartmentCreate = {
  readonly name: string;
  readonly template?: string;
  readonly definition?: Definition;
};
export type DepartmentPage = {
  readonly items: readonly Department[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type DepartmentPatch = {
  readonly name?: string;
  readonly status?: 'active' | 'paused';
};
export type DepartmentVersion = {
  readonly version: number;
  readonly createdAt: string;
  readonly createdBy: string | null;
  readonly publishedBy: {
    readonly id: string;
    readonly name: string | null;
  } | null;
  readonly note: string | null;
  readonly authors: readonly {
    readonly id: string;
    readonly name: string | null;
  }[];
};
export type DepartmentVersionPage = {
  readonly items: readonly DepartmentVersion[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type DepartmentVersionWithDefinition = {
  readonly version: number;
  readonly createdAt: string;
  readonly createdBy: string | null;
  readonly publishedBy: {
    readonly id: string;
    readonly name: string | null;
  } | null;
  readonly note: string | null;
  readonly authors: readonly {
    readonly id: string;
    readonly name: string | null;
  }[];
  readonly definition: Definition;
};
export type DepartmentWebhookList = {
  readonly items: readonly {
    readonly nodeId: string;
    /** `start`: a call begins a run. `report`: a call is what runs at that node wait for */
    readonly does: 'start' | 'report';
    readonly path: string;
  }[];
};
export type DraftBody = {
  readonly definition: Definition;
};
export type DraftChanges = {
  readonly since: number | null;
  readonly diff: DefinitionDiff | null;
  readonly authors: readonly {
    readonly id: string;
    readonly name: string | null;
  }[];
  readonly fields: readonly {
    readonly nodeId: string | null;
    readonly path: string;
    readonly author: {
      readonly id: string;
      readonly name: string | null;
    };
    readonly at: string;
  }[];
};
export type Effect = {
  readonly id: string;
  readonly runId: string;
  readonly departmentId: string;
  readonly path: string | null;
  readonly kind: 'message' | 'http' | 'other';
  readonly name: string;
  /** intended: about to be done. done. uncertain: nobody knows, and it is not repeated. not_done: it surely was not; the next try may do it */
  readonly state: 'intended' | 'done' | 'uncertain' | 'not_done';
  readonly needsPerson: boolean;
  readonly attempts: number;
  readonly settledBy: 'worker' | 'provider' | 'person' | null;
  readonly resolvedBy: string | null;
  readonly intendedAt: string;
  readonly updatedAt: string;
  readonly idempotencyKey: string;
  readonly message: {
    readonly id: string;
    readonly conversationId: string;
    readonly text: string;
    readonly status: string;
    readonly externalId: string | null;
    readonly error: string | null;
  } | null;
};
export type EffectPage = {
  readonly items: readonly Effect[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type EffectResolved = {
  readonly effect: Effect;
  readonly run: Run;
};
export type EmailBody = {
  readonly email: string;
  readonly password: string;
};
export type Error = {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details?: readonly {
      readonly path: string;
      readonly message: string;
    }[];
    readonly requestId: string;
  };
};
export type EventAccepted = {
  /** How many runs go on with it; with none it is kept for a day */
  readonly waiting: number;
};
export type ForgotBody = {
  readonly email: string;
};
export type ForkBody = {
  /** Path of a step of the run: `node`, or `loop#2/node` in its third round. A node id alone will do where only one path has it */
  readonly fromStep: string;
  /** What the step made, or was given (`edit`), instead. Absent, the step is simply executed again */
  readonly state?: unknown;
  /** Which side of the step `state` replaces. With `output` the step itself is not executed again */
  readonly edit?: 'output' | 'input';
  /** The way the step leaves by, with an `output`; absent, the one that it took, else its first */
  readonly port?: string;
  /** The version to run: a number, or `draft`; absent, the one that the run is pinned to */
  readonly version?: 'draft' | number;
  /** `rehearse`: nothing is done outside; what would be gives what it gave in the run before. `perform`: messages are sent and requests made, once more */
  readonly effects?: 'rehearse' | 'perform';
  /** By node: a step that is pinned is not executed, its result is this. Rehearsals only: nothing that is performed knows pins */
  readonly pins?: {
    readonly [key: string]: {
      /** Any JSON value */
      readonly value: Json;
      /** The way it leaves by; absent, its first */
      readonly port?: string;
    };
  };
};
export type HeldUp = {
  /** paused: its department is. hour: it begins, or goes on, at `until`. turn: others go first, or nobody is free. conversation: it was answered, and another run of its conversation is at work */
  readonly reason: 'paused' | 'hour' | 'turn' | 'conversation';
  readonly until: string | null;
  /** Of `conversation`: the run that is at work */
  readonly runId: string | null;
  /** Of `turn`: runs of the organization that are at work or next to be, a thousand at most */
  readonly ahead: number;
};
export type Invitation = {
  readonly id: string;
  readonly email: string;
  readonly role: 'admin' | 'member' | 'viewer';
  readonly departments: readonly string[] | null;
  readonly invitedBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
};
export type InvitationCreate = {
  readonly email: string;
  readonly role: 'admin' | 'member' | 'viewer';
  readonly departments?: readonly string[] | null;
};
export type InvitationLook = {
  readonly organizationName: string;
  readonly email: string;
  readonly role: 'admin' | 'member' | 'viewer';
  readonly hasAccount: boolean;
};
export type InvitationPage = {
  readonly items: readonly Invitation[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type InvitationToken = {
  readonly token: string;
};
export type JoinBody = {
  readonly token: string;
  readonly name: string;
  readonly password: string;
};
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type KeyRenewed = {
  readonly version: number;
};
export type KnowledgeSearch = {
  readonly query: string;
  readonly limit?: number;
};
export type KnowledgeSource = {
  readonly id: string;
  readonly title: string;
  readonly kind: 'text' | 'url' | 'file';
  readonly locale: 'pt-BR' | 'en';
  readonly status: 'reading' | 'ready' | 'failed';
  readonly error: string | null;
  readonly passages: number;
  readonly createdAt: string;
  readonly updatedAt: string;
};
export type KnowledgeSourceCreate = {
  readonly title: string;
  readonly kind?: 'text';
  readonly text?: string;
  readonly content?: string;
  readonly locale?: 'pt-BR' | 'en';
};
export type KnowledgeSourcePage = {
  readonly items: readonly KnowledgeSource[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type KnowledgeSourceWithText = {
  readonly id: string;
  readonly title: string;
  readonly kind: 'text' | 'url' | 'file';
  readonly locale: 'pt-BR' | 'en';
  readonly status: 'reading' | 'ready' | 'failed';
  readonly error: string | null;
  readonly passages: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly text: string;
};
export type LoginBody = {
  readonly email: string;
  readonly password: string;
};
export type Member = {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: 'owner' | 'admin' | 'member' | 'viewer';
  readonly departments: readonly string[] | null;
  readonly joinedAt: string;
  readonly lastSeenAt: string | null;
};
export type MemberPage = {
  readonly items: readonly Member[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type MemberPatch = {
  readonly role?: 'admin' | 'member' | 'viewer';
  readonly departments?: readonly string[] | null;
};
export type Message = {
  readonly id: string;
  readonly conversationId: string;
  readonly direction: 'in' | 'out';
  readonly author: 'contact' | 'team' | 'person' | 'system';
  readonly kind: string;
  readonly text: string;
  readonly buttons: readonly {
    readonly id: string;
    readonly title: string;
  }[];
  /** Any JSON value */
  readonly list: Json;
  readonly media: {
    readonly kind: 'image' | 'video' | 'audio' | 'document';
    readonly link: string;
    readonly name: string | null;
  } | null;
  readonly sources: readonly {
    readonly title: string;
    readonly passageId: string;
  }[];
  readonly status: 'received' | 'queued' | 'sent' | 'delivered' | 'read' | 'played' | 'failed' | 'uncertain';
  readonly error: string | null;
  readonly runId: string | null;
  /** What the customer did to it afterwards. Of one that they deleted the text is empty */
  readonly changed: 'edited' | 'deleted' | null;
  /** When they did, by the clock of the channel */
  readonly changedAt: string | null;
  readonly createdAt: string;
};
export type MessagePage = {
  readonly items: readonly Message[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type Model = {
  readonly id: string;
  readonly provider: string;
  readonly price: {
    readonly input: number;
    readonly output: number;
  } | null;
  readonly roles: readonly ('write' | 'reason' | 'classify')[];
  readonly available: boolean;
};
export type ModelKeys = {
  readonly keys: 'platform' | 'own';
  readonly platformHasKeys: boolean;
  readonly providers: readonly {
    readonly provider: 'openai' | 'anthropic' | 'gemini';
    readonly wired: boolean;
    readonly connectionId: string | null;
  }[];
};
export type ModelKeysPut = {
  readonly keys: 'platform' | 'own';
};
export type ModelPage = {
  readonly items: readonly Model[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type MyOrganization = {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly locale: 'pt-BR' | 'en';
  readonly timezone: string;
  readonly role: 'owner' | 'admin' | 'member' | 'viewer';
  readonly current: boolean;
};
export type MyOrganizationPage = {
  readonly items: readonly MyOrganization[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type NewApiKey = {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly permissions: readonly string[];
  readonly departments: readonly string[] | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
  readonly key: string;
};
/** `recoveryCodes` come with the first factor, this once */
export type NewPasskey = {
  readonly id: string;
  readonly name: string;
  /** Kept by the device's maker too, and so on the person's other devices */
  readonly backedUp: boolean;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly recoveryCodes: readonly string[] | null;
};
export type NodeType = {
  readonly type: string;
  readonly version: number;
  readonly kind: 'trigger' | 'pure' | 'read' | 'model' | 'effect' | 'wait' | 'loop' | 'forEach' | 'department';
  readonly group: 'trigger' | 'agent' | 'logic' | 'human' | 'data' | 'channel';
  readonly title: {
    readonly 'pt-BR': string;
    readonly en: string;
  };
  readonly summary: {
    readonly 'pt-BR': string;
    readonly en: string;
  };
  readonly icon: string;
  readonly needs: readonly ('models' | 'knowledge' | 'conversation' | 'contacts' | 'channel' | 'http')[];
  readonly effects: readonly {
    readonly name: string;
    readonly summary: {
      readonly 'pt-BR': string;
      readonly en: string;
    };
  }[];
  /** A JSON Schema, draft 2020-12 */
  readonly config: {
    readonly [key: string]: Json;
  };
  readonly inputs: readonly {
    readonly name: string;
    readonly title: {
      readonly 'pt-BR': string;
      readonly en: string;
    };
  }[];
  readonly outputs: readonly {
    readonly name: string;
    readonly title: {
      readonly 'pt-BR': string;
      readonly en: string;
    };
    /** A JSON Schema, draft 2020-12 */
    readonly schema: {
      readonly [key: string]: Json;
    };
  }[];
  readonly outputsFrom?: {
    readonly field: string;
    readonly nameKey: string;
    readonly titleKey: string;
    /** A JSON Schema, draft 2020-12 */
    readonly schema: {
      readonly [key: string]: Json;
    };
    readonly rest?: {
      readonly port: string;
      readonly title: {
        readonly 'pt-BR': string;
        readonly en: string;
      };
    };
  };
};
export type NodeTypePage = {
  readonly items: readonly NodeType[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type Organization = {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly locale: 'pt-BR' | 'en';
  readonly timezone: string;
  readonly role: 'owner' | 'admin' | 'member' | 'viewer';
  readonly profile: string;
  readonly sandbox: boolean;
  readonly dailyBudgetCents: number | null;
  readonly repliesPerMinute: number;
};
export type OrganizationCreate = {
  readonly name: string;
  readonly locale?: 'pt-BR' | 'en';
  readonly timezone?: string;
};
export type OrganizationPatch = {
  readonly name?: string;
  readonly locale?: 'pt-BR' | 'en';
  readonly timezone?: string;
  readonly profile?: string;
  readonly dailyBudgetCents?: number | null;
  readonly repliesPerMinute?: number;
};
export type OutboxItem = {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly template: string;
  readonly locale: 'pt-BR' | 'en';
  readonly createdAt: string;
};
export type OutboxMail = {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly template: string;
  readonly locale: 'pt-BR' | 'en';
  readonly createdAt: string;
  readonly text: string;
  readonly html: string;
};
export type OutboxPage = {
  readonly items: readonly OutboxItem[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type Passage = {
  readonly id: string;
  readonly sourceId: string;
  readonly title: string;
  readonly text: string;
  readonly score: number;
  readonly updatedAt: string;
};
export type PassageList = {
  readonly items: readonly Passage[];
};
export type Passkey = {
  readonly id: string;
  readonly name: string;
  /** Kept by the device's maker too, and so on the person's other devices */
  readonly backedUp: boolean;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
};
export type PasskeyBody = {
  readonly name: string;
  readonly handle: string;
  readonly response: {
    readonly id: string;
    readonly rawId: string;
    readonly type: 'public-key';
    readonly authenticatorAttachment?: 'platform' | 'cross-platform' | null;
    readonly clientExtensionResults?: {
      readonly [key: string]: unknown;
    };
    readonly response: {
      readonly clientDataJSON: string;
      readonly attestationObject: string;
      readonly transports?: readonly string[];
    };
  };
};
export type PasskeyList = {
  readonly items: readonly Passkey[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type PasskeyLoginBody = {
  readonly handle: string;
  readonly response: {
    readonly id: string;
    readonly rawId: string;
    readonly type: 'public-key';
    readonly authenticatorAttachment?: 'platform' | 'cross-platform' | null;
    readonly clientExtensionResults?: {
      readonly [key: string]: unknown;
    };
    readonly response: {
      readonly clientDataJSON: string;
      readonly authenticatorData: string;
      readonly signature: string;
      readonly userHandle?: string | null;
    };
  };
};
/** `options` is for `navigator.credentials.create` */
export type PasskeyRegistrationOptions = {
  readonly handle: string;
  readonly options: {
    readonly challenge: string;
    readonly [key: string]: unknown;
  };
};
/** `options` is for `navigator.credentials.get` */
export type PasskeyRequestOptions = {
  readonly handle: string;
  readonly options: {
    readonly challenge: string;
    readonly [key: string]: unknown;
  };
};
export type PasswordBody = {
  readonly currentPassword: string;
  readonly newPassword: string;
  readonly keepApiKeys?: boolean;
};
export type PasswordConfirmation = {
  /** Yours, as it is now */
  readonly password: string;
};
export type Pause = {
  readonly path: string;
  readonly kind: 'contact' | 'member' | 'time' | 'event';
  /** Any JSON value */
  readonly question: Json;
  readonly wakeAt: string | null;
  /** Any JSON value */
  readonly answer: Json;
  readonly openedAt: string;
  readonly answeredAt: string | null;
  readonly answeredBy: string | null;
};
export type Problem = {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly nodeId?: string;
  readonly edgeId?: string;
  readonly path?: string;
  readonly message: string;
  readonly fix?:
    | {
        readonly kind: 'removeEdge';
        readonly edgeId: string;
      }
    | {
        readonly kind: 'removeNode';
        readonly nodeId: string;
      }
    | {
        readonly kind: 'setConfig';
        readonly nodeId: string;
        readonly path: string;
        /** Any JSON value */
        readonly value: Json;
      };
};
export type ProblemList = {
  readonly problems: readonly Problem[];
};
export type Proposal = {
  readonly summary: string;
  readonly base: Definition;
  readonly proposed: Definition;
  readonly diff: DefinitionDiff;
  /** What is left to fill in before it can be published. Anything else that is wrong is refused */
  readonly problems: readonly Problem[];
  readonly sandbox: boolean;
  readonly costMicros: number;
};
export type ProposalCreate = {
  /** What should change, in Portuguese or English */
  readonly request: string;
};
export type Published = {
  readonly version: number;
  readonly problems: readonly Problem[];
};
/** Shown this once. Each is good once; earlier ones are dead */
export type RecoveryCodes = {
  readonly recoveryCodes: readonly string[];
};
export type RefreshBody = {
  readonly refreshToken: string;
};
export type RegisterBody = {
  readonly email: string;
  readonly password: string;
  readonly name: string;
  readonly organizationName: string;
  readonly locale?: 'pt-BR' | 'en';
  readonly timezone?: string;
};
export type ReplayBody = {
  /** The version to run: a number, or `draft`; absent, the one that the run is pinned to */
  readonly version?: 'draft' | number;
  /** `rehearse`: nothing is done outside; what would be gives what it gave in the run before. `perform`: messages are sent and requests made, once more */
  readonly effects?: 'rehearse' | 'perform';
};
export type ResetBody = {
  readonly token: string;
  readonly password: string;
};
export type ResolveEffectBody = {
  /** happened: the run goes on as after it. did_not_happen: the run does it again */
  readonly outcome: 'happened' | 'did_not_happen';
};
export type ResumeBody = {
  /** Any JSON value */
  readonly value: Json;
  readonly path?: string;
};
export type RetentionPatch = {
  readonly payloadDays?: number;
  readonly runDays?: number;
};
export type RetentionView = {
  /** Days after its end for which what a run worked on is kept: input, output, steps, answers */
  readonly payloadDays: number;
  /** Days after its end for which the run itself is kept, without payloads at last */
  readonly runDays: number;
  /** What there is now, of what the caller may see; counted up to 10000 */
  readonly kept: {
    /** Runs that ended and of which it is known what they worked on */
    readonly payloads: number;
    /** Runs that ended, with those */
    readonly runs: number;
    /** When the first of `payloads` ended */
    readonly oldestPayload: string | null;
    /** When the first of `runs` ended */
    readonly oldestRun: string | null;
  };
};
export type Roles = {
  readonly items: readonly {
    readonly role: 'owner' | 'admin' | 'member' | 'viewer';
    readonly permissions: readonly string[];
  }[];
};
/** Input and output above 256 KB, above 12 MB of a run that is asked for by itself, are `{truncated: {bytes, preview}}`: its steps have them */
export type Run = {
  readonly id: string;
  readonly departmentId: string;
  readonly conversationId: string | null;
  readonly status: 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'canceled';
  readonly version: number | null;
  readonly priority: 'high' | 'normal' | 'low';
  readonly triggerNode: string;
  /** Any JSON value */
  readonly input: Json;
  /** Any JSON value */
  readonly output: Json;
  /** Any JSON value */
  readonly error: Json;
  readonly uncertainEffects: number;
  /** It waits for somebody of the organization, and not for a customer, an hour or another system */
  readonly awaitsMember: boolean;
  readonly supersededBy: string | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** The run and the step that this one branches off */
  readonly forkedFrom: {
    readonly runId: string;
    readonly path: string;
    readonly edit: 'input' | 'output' | null;
  } | null;
  /** When input, output and the payloads of its steps were taken out, by the organization’s retention */
  readonly prunedAt: string | null;
  /** The run that this one repeats from its start */
  readonly replayOf: string | null;
  /** `rehearse`: nothing is done outside; what would be gives what it gave in the run before. `perform`: messages are sent and requests made, once more */
  readonly effects: 'rehearse' | 'perform';
  /** What keeps it from beginning or going on; null when nothing does, or it waits for an answer */
  readonly heldUp: HeldUp | null;
  /** Of a rehearsal: the nodes that were not executed, a pinned result stands for each */
  readonly pinned: readonly string[];
};
export type RunAccepted = {
  readonly run: Run;
};
export type RunCreate = {
  /** Any JSON value */
  readonly input: Json;
  readonly priority?: 'high' | 'normal' | 'low';
  readonly version?: 'draft';
  /** `rehearse`: nothing is done outside; what would be gives what it gave in the run before. `perform`: messages are sent and requests made, once more */
  readonly effects?: 'rehearse' | 'perform';
  /** Of a draft: the last step to execute. Only it and what leads to it runs, and only that has to be without problems */
  readonly until?: string;
  /** By node: a step that is pinned is not executed, its result is this. Rehearsals only: nothing that is performed knows pins */
  readonly pins?: {
    readonly [key: string]: {
      /** Any JSON value */
      readonly value: Json;
      /** The way it leaves by; absent, its first */
      readonly port?: string;
    };
  };
};
export type RunDefinition = {
  readonly version: number | null;
  readonly definition: Definition;
};
export type RunPage = {
  readonly items: readonly Run[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type RunTimeline = {
  readonly run: Run;
  readonly steps: readonly StepBrief[];
  readonly pauses: readonly Pause[];
  readonly ledger: readonly Effect[];
};
export type RunWithSteps = {
  readonly id: string;
  readonly departmentId: string;
  readonly conversationId: string | null;
  readonly status: 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'canceled';
  readonly version: number | null;
  readonly priority: 'high' | 'normal' | 'low';
  readonly triggerNode: string;
  /** Any JSON value */
  readonly input: Json;
  /** Any JSON value */
  readonly output: Json;
  /** Any JSON value */
  readonly error: Json;
  readonly uncertainEffects: number;
  /** It waits for somebody of the organization, and not for a customer, an hour or another system */
  readonly awaitsMember: boolean;
  readonly supersededBy: string | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** The run and the step that this one branches off */
  readonly forkedFrom: {
    readonly runId: string;
    readonly path: string;
    readonly edit: 'input' | 'output' | null;
  } | null;
  /** When input, output and the payloads of its steps were taken out, by the organization’s retention */
  readonly prunedAt: string | null;
  /** The run that this one repeats from its start */
  readonly replayOf: string | null;
  /** `rehearse`: nothing is done outside; what would be gives what it gave in the run before. `perform`: messages are sent and requests made, once more */
  readonly effects: 'rehearse' | 'perform';
  /** What keeps it from beginning or going on; null when nothing does, or it waits for an answer */
  readonly heldUp: HeldUp | null;
  /** Of a rehearsal: the nodes that were not executed, a pinned result stands for each */
  readonly pinned: readonly string[];
  readonly steps: readonly Step[];
  readonly waits: readonly Wait[];
  readonly ledger: readonly Effect[];
};
export type Session = {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly user: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
  };
  readonly organization: {
    readonly id: string;
    readonly name: string;
    readonly slug: string;
    readonly locale: 'pt-BR' | 'en';
    readonly timezone: string;
  };
};
export type SignIn = {
  readonly id: string;
  readonly current: boolean;
  readonly organizationId: string;
  readonly userAgent: string;
  readonly address: string;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly expiresAt: string;
};
export type SignInPage = {
  readonly items: readonly SignIn[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type SimulatorAccepted = {
  readonly conversation: {
    readonly id: string;
  };
  readonly message: {
    readonly id: string;
  };
};
export type SimulatorCreate = {
  readonly departmentId: string;
  /** `draft`: the draft answers, as it stands when a message is written; absent, what is live */
  readonly version?: 'draft';
};
export type SimulatorMessage = {
  readonly from: string;
  readonly text: string;
  readonly name?: string;
  readonly buttonId?: string;
};
export type Step = {
  readonly nodeId: string;
  readonly path: string;
  readonly status: 'running' | 'waiting' | 'succeeded' | 'failed' | 'skipped';
  readonly attempt: number;
  readonly port: string | null;
  /** Any JSON value */
  readonly input: Json;
  /** Any JSON value */
  readonly output: Json;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly actor: 'author' | 'provider' | 'platform' | 'caller';
    readonly retryable: boolean;
    /** What the message says, as the code of a sentence and what stands in its places. Older records have none */
    readonly detail?: {
      readonly code: string;
      readonly values: {
        readonly [key: string]:
          | (string | number)
          | {
              readonly code: string;
              readonly values: {
                readonly [key: string]:
                  | (string | number)
                  | {
                      readonly code: string;
                      readonly values: {
                        readonly [key: string]: string | number;
                      };
                    };
              };
            };
      };
    };
  } | null;
  readonly startedAt: string | null;
  readonly durationMs: number | null;
  readonly tokens: {
    readonly input: number;
    readonly output: number;
  };
  readonly cost: {
    readonly micros: number;
    readonly currency: 'USD';
  };
  readonly model: string | null;
  /** Taken over from the run that this one forks: it was not executed here */
  readonly recalled: boolean;
  /** Path of the finished step that this one undoes, because the run failed */
  readonly compensates: string | null;
};
export type StepBrief = {
  readonly nodeId: string;
  readonly path: string;
  readonly status: 'running' | 'waiting' | 'succeeded' | 'failed' | 'skipped';
  readonly attempt: number;
  readonly port: string | null;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly actor: 'author' | 'provider' | 'platform' | 'caller';
    readonly retryable: boolean;
    /** What the message says, as the code of a sentence and what stands in its places. Older records have none */
    readonly detail?: {
      readonly code: string;
      readonly values: {
        readonly [key: string]:
          | (string | number)
          | {
              readonly code: string;
              readonly values: {
                readonly [key: string]:
                  | (string | number)
                  | {
                      readonly code: string;
                      readonly values: {
                        readonly [key: string]: string | number;
                      };
                    };
              };
            };
      };
    };
  } | null;
  readonly startedAt: string | null;
  readonly durationMs: number | null;
  readonly tokens: {
    readonly input: number;
    readonly output: number;
  };
  readonly cost: {
    readonly micros: number;
    readonly currency: 'USD';
  };
  readonly model: string | null;
  /** Taken over from the run that this one forks: it was not executed here */
  readonly recalled: boolean;
  /** Path of the finished step that this one undoes, because the run failed */
  readonly compensates: string | null;
};
export type StepPage = {
  readonly items: readonly Step[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type SwitchBody = {
  readonly organizationId: string;
};
export type Template = {
  readonly slug: string;
  readonly version: string;
  readonly title: {
    readonly 'pt-BR': string;
    readonly en: string;
  };
  readonly summary: {
    readonly 'pt-BR': string;
    readonly en: string;
  };
  readonly callsYou: {
    readonly 'pt-BR': string;
    readonly en: string;
  };
  readonly cost: {
    readonly 'pt-BR': string;
    readonly en: string;
  };
  readonly emblem: string;
  readonly color: string;
};
export type TemplatePage = {
  readonly items: readonly Template[];
  /** Give it as `cursor` for the next page; null on the last one */
  readonly nextCursor: string | null;
};
export type TemplateWithDefinition = {
  readonly slug: string;
  readonly version: string;
  readonly title: {
    readonly 'pt-BR': string;
    readonly en: string;
  };
  readonly summary: {
    readonly 'pt-BR': string;
    readonly en: string;
  };
  readonly callsYou: {
    readonly 'pt-BR': string;
    readonly en: string;
  };
  readonly cost: {
    readonly 'pt-BR': string;
    readonly en: string;
  };
  readonly emblem: string;
  readonly color: string;
  readonly definition: Definition;
};
export type Ticket = {
  readonly ticket: string;
  readonly expiresAt: string;
};
export type TokenBody = {
  readonly token: string;
};
export type TotpConfirmBody = {
  /** Six digits of the authenticator app, or a recovery code */
  readonly code: string;
};
export type TotpSecret = {
  /** Base 32, for typing */
  readonly secret: string;
  /** What the QR code says */
  readonly uri: string;
};
export type Traffic = {
  readonly version: number | null;
  readonly from: string;
  readonly to: string;
  readonly runs: number;
  readonly failedRuns: number;
  readonly complete: boolean;
  readonly nodes: readonly {
    readonly nodeId: string;
    readonly count: number;
    readonly failures: number;
    readonly retried: number;
    readonly waiting: number;
    readonly p50Ms: number | null;
    readonly p95Ms: number | null;
    readonly ways: readonly {
      readonly port: string;
      readonly count: number;
    }[];
  }[];
};
export type TransferBody = {
  readonly userId: string;
  readonly password: string;
};
export type Wait = {
  readonly path: string;
  readonly kind: 'contact' | 'member' | 'time' | 'event';
  /** Any JSON value */
  readonly question: Json;
  readonly wakeAt: string | null;
};
export type WebhookAccepted = {
  readonly run: {
    readonly id: string;
  };
};
export type WhatsAppCreate = {
  readonly phoneNumberId: string;
  readonly accessToken: string;
  readonly businessAccountId?: string;
  readonly departmentId: string;
  readonly name?: string;
};
