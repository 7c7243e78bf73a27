import type { Detail } from '#nodes/sdk/details.js';
import type { Json } from '#nodes/sdk/json.js';
import type { RunStatus, StepStatus } from './statuses.js';

export interface StepError {
  readonly code: string;
  readonly message: string;
  readonly actor: 'author' | 'provider' | 'platform' | 'caller';
  readonly retryable: boolean;
  /** What the message says, as a code with its values; older records have none. */
  readonly detail?: Detail | undefined;
}

/** One execution of one node in a run, as shown to a person and returned by the API. */
export interface StepView {
  readonly nodeId: string;
  readonly path: string;
  readonly status: StepStatus;
  readonly attempt: number;
  /** The output port taken; `null` while running, waiting or skipped. */
  readonly port: string | null;
  readonly input: Json;
  readonly output: Json;
  readonly error: StepError | null;
  readonly startedAt: string | null;
  readonly durationMs: number | null;
  readonly tokens: { readonly input: number; readonly output: number };
  /** Millionths of a US dollar. */
  readonly cost: { readonly micros: number; readonly currency: 'USD' };
  readonly model: string | null;
  /** Taken over from the run that this one forks: not executed here. */
  readonly recalled: boolean;
  /** Path of the finished step that this one undoes, in a run that failed. */
  readonly compensates: string | null;
}

export interface MessageView {
  readonly id: string;
  readonly conversationId: string;
  readonly direction: 'in' | 'out';
  readonly author: 'contact' | 'team' | 'person' | 'system';
  readonly kind: string;
  readonly text: string;
  readonly buttons: readonly { readonly id: string; readonly title: string }[];
  readonly list: Json;
  /** What it carries beside its words, of what we sent. */
  readonly media: {
    readonly kind: 'image' | 'video' | 'audio' | 'document';
    readonly link: string;
    readonly name: string | null;
  } | null;
  readonly sources: readonly { readonly title: string; readonly passageId: string }[];
  readonly status: 'received' | 'queued' | 'sent' | 'delivered' | 'read' | 'played' | 'failed' | 'uncertain';
  readonly error: string | null;
  readonly runId: string | null;
  /** What the customer did to it afterwards. */
  readonly changed: 'edited' | 'deleted' | null;
  readonly createdAt: string;
}

/** Somebody said something about a department. */
export interface CommentEvent {
  readonly type: 'comment';
  readonly comment: {
    readonly id: string;
    readonly departmentId: string;
    readonly threadId: string;
    readonly nodeId: string | null;
    /** Who was named in it. */
    readonly mentions: readonly string[];
    readonly change: 'created' | 'changed' | 'resolved' | 'reopened' | 'deleted';
  };
}

/** What browsers of an organization are told, on `WS /api/v1/realtime`. Delivered at most once: a client reloads after a gap. */
export type LiveEvent =
  | {
      readonly type: 'run';
      readonly run: {
        readonly id: string;
        readonly departmentId: string;
        readonly conversationId: string | null;
        readonly status: RunStatus;
      };
    }
  | {
      readonly type: 'pruned';
      readonly departmentId: string;
      readonly runIds: readonly string[];
      /** The runs are gone; else what they worked on is. */
      readonly gone: boolean;
    }
  | {
      readonly type: 'step';
      readonly runId: string;
      readonly departmentId: string;
      readonly conversationId: string | null;
      readonly step: StepView;
    }
  | {
      readonly type: 'token';
      readonly runId: string;
      readonly conversationId: string | null;
      readonly path: string;
      readonly delta: string;
    }
  | { readonly type: 'message'; readonly message: MessageView }
  | {
      readonly type: 'conversation';
      readonly conversation: {
        readonly id: string;
        readonly status: 'open' | 'closed';
        readonly handler: 'team' | 'person';
        readonly handoffReason: string | null;
      };
    }
  | CommentEvent
  /** Something may have happened that was not told. */
  | { readonly type: 'gap' }
  | { readonly type: 'department'; readonly department: { readonly id: string; readonly status: string } }
  | {
      readonly type: 'alert';
      readonly alert: {
        readonly code: string;
        readonly message: string;
        /** The run, and the effect in it, that the alert is about. */
        readonly runId?: string;
        readonly effectId?: string;
      };
    };

/** Carries live events from workers to the API. In-process when embedded, Redis pub/sub with services; the organization is part of every channel name. */
export interface EventBus {
  publish(organizationId: string, event: LiveEvent): void;
  /** Returns how to stop. `onListening` is called once everything that is said from then on arrives: what is read after it lacks nothing that is not told. */
  subscribe(organizationId: string, listener: (event: LiveEvent) => void, onListening?: () => void): () => void;
  /**
   * Whether anybody may listen: what nobody hears need not be made. `true` while it is not known. Somebody who begins to listen is known a moment
   * later; what happened until then they read from the database, and are shown again what is under way (`onHeard`).
   */
  isHeard(organizationId: string): boolean;
  /** Told of an organization that nobody listened to and somebody does now. Returns how to stop. */
  onHeard(listener: (organizationId: string) => void): () => void;
  close(): Promise<void>;
}
