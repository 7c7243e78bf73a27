import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ProposalView } from '../api/types.js';
import type { Problem } from '#engine/graph/definition.js';
import type { Place } from '../document/operations/nodes.js';

/** Where a step that is chosen in the list at the cursor goes. */
export interface QuickAdd {
  /** On the canvas. */
  readonly at: Place;
  /** On the screen: where the list opens. */
  readonly screen: Place;
  readonly from?: { readonly node: string; readonly port: string };
  readonly edgeId?: string;
  readonly parentId?: string;
  /** Typed before the list was there. */
  readonly search?: string;
}

/** Where a step that is chosen in the list of a phone goes: behind this one, on this way out of it; at the end without. */
export interface AddPlace {
  readonly after?: string;
  readonly port?: string;
}

export type Dock = 'problems' | 'console' | null;
export type Side = 'step' | 'chat' | 'comments' | 'describe' | null;
export type Dialog = 'commands' | 'shortcuts' | 'search' | 'publish' | 'import' | 'templates' | 'tour';

/** What passes: nothing here is part of the department. */
export interface UiState {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
  readonly notes: readonly string[];
  /** The step from which one came to the selected edge, by key. */
  readonly along: string | null;
  /** The note that one writes on. */
  readonly writing: string | null;
  /** The sub-department that is open; the top without one. */
  readonly level: string | null;
  readonly quickAdd: QuickAdd | null;
  readonly adding: AddPlace | null;
  readonly dialog: Dialog | null;
  /** Typed before the list of commands was there. */
  readonly typed: string;
  readonly dock: Dock;
  readonly side: Side;
  readonly palette: 'wide' | 'rail';
  readonly problems: readonly Problem[];
  /** `null` until the checker has looked. */
  readonly checkedAt: number | null;
  /** Steps are in hand on the canvas: beside it nothing changes until they are dropped. */
  readonly dragging: boolean;
  /** Shift is held: what the selected step reads and feeds lights up. */
  readonly tracing: boolean;
  /** Jump to this field of the selected step. */
  readonly focusField: { readonly nodeId: string; readonly path: string; readonly nonce: number } | null;
  /** Bring these into view: to the middle, or with `least` no further than it takes. */
  readonly reveal: { readonly ids: readonly string[]; readonly nonce: number; readonly least?: boolean } | null;
  /** Follow this person's view. */
  readonly following: number | null;
  /** The run whose traces are on the canvas. */
  readonly runId: string | null;
  /** A change that somebody described in words, to take or to leave, and the step of it that is looked at. */
  readonly proposal: ProposalView | null;
  readonly proposalAt: string | null;
  /** The comment that is asked for: its thread is brought into view. */
  readonly comment: string | null;
  /** What real runs do is on the canvas. */
  readonly traffic: boolean;
  /** The run that is looked at as it was, in the place of the draft. */
  readonly past: string | 'newest' | null;
}

export type UiStore = StoreApi<UiState>;

/** What stays where it was when the same draft is opened anew: where one is, and what lies around it. */
export const placeIn = (ui: UiState): Partial<UiState> => {
  const { nodes, level, dock, side, palette, runId, traffic, past } = ui;
  return { nodes, level, dock, side, palette, runId, traffic, past };
};

export const createUiStore = (place: Partial<UiState> = {}): UiStore =>
  createStore<UiState>(() => ({
    nodes: [],
    edges: [],
    notes: [],
    along: null,
    writing: null,
    level: null,
    quickAdd: null,
    adding: null,
    dialog: null,
    typed: '',
    dock: null,
    side: 'step',
    palette: 'wide',
    problems: [],
    checkedAt: null,
    dragging: false,
    tracing: false,
    focusField: null,
    reveal: null,
    following: null,
    runId: null,
    proposal: null,
    proposalAt: null,
    comment: null,
    traffic: false,
    past: null,
    ...place,
  }));

export const nothingSelected = { nodes: [], edges: [], notes: [], along: null } as const;
let nonce = 0;

export const select = (ui: UiStore, nodes: readonly string[]): void => ui.setState({ ...nothingSelected, nodes });

/** Selects steps and brings them into view, out of a past run too. */
export const show = (ui: UiStore, ids: readonly string[], level: string | null): void =>
  ui.setState({ ...nothingSelected, nodes: ids, level, past: null, reveal: { ids, nonce: ++nonce } });

/** Selects steps that were just put on the canvas. What lands out of view would look as if nothing had happened. */
export const selectPlaced = (ui: UiStore, nodes: readonly string[]): void =>
  ui.setState({ ...nothingSelected, nodes, reveal: { ids: nodes, nonce: ++nonce, least: true } });

/** Selects a note that was just put on the canvas, to write on it. */
export const writeOnPlaced = (ui: UiStore, note: string): void =>
  ui.setState({
    ...nothingSelected,
    notes: [note],
    writing: note,
    reveal: { ids: [note], nonce: ++nonce, least: true },
  });

/** Brings the whole level into view; what is selected stays so. */
export const showAll = (ui: UiStore): void => ui.setState({ reveal: { ids: [], nonce: ++nonce } });

/** Moves to a field of a step, so that one can write in it. */
export const focusField = (ui: UiStore, nodeId: string, path: string): void =>
  ui.setState({ side: 'step', focusField: { nodeId, path, nonce: ++nonce } });
