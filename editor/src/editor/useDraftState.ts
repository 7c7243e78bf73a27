import { useMemo } from 'react';
import { diff, type DefinitionDiff } from '#engine/graph/diff.js';
import type { DepartmentView } from '../api/types.js';
import { useDefinition } from './session.js';

export interface DraftState {
  /** `new`: nothing is live yet. */
  readonly state: 'new' | 'equal' | 'ahead';
  /** Steps, edges and settings that differ from what is live; moves on the canvas not counted. */
  readonly changes: number;
  /** The number that publishing would give. */
  readonly next: number;
  readonly diff: DefinitionDiff | null;
}

/** How far the draft is from what is live. */
export function useDraftState(department: DepartmentView): DraftState {
  const draft = useDefinition();
  const { published } = department;
  return useMemo(() => {
    if (!published) return { state: 'new', changes: draft.nodes.length + draft.edges.length, next: 1, diff: null };
    const found = diff(published.definition, draft);
    const changes = countChanges(found);
    return { state: changes === 0 ? 'equal' : 'ahead', changes, next: published.version + 1, diff: found };
  }, [published, draft]);
}

export const countChanges = ({ nodes, edges, settings }: DefinitionDiff): number =>
  nodes.added.length +
  nodes.removed.length +
  nodes.changed.filter(({ onlyMoved }) => !onlyMoved).length +
  edges.added.length +
  edges.removed.length +
  settings.filter(({ path }) => path !== 'notes' && !path.startsWith('notes.')).length;
