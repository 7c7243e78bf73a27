import { useEffect, useMemo, useState } from 'react';
import { rebase, type Conflict } from '#engine/graph/changes/rebase.js';
import type { Definition, Problem } from '#engine/graph/definition.js';
import type { ProposalView } from '../api/types.js';
import { useDefinition, useSessionOf, useUi } from '../editor/session.js';

export interface OpenProposal {
  readonly proposal: ProposalView;
  /** The draft as it reads now with the proposal done to it; `null` where others changed the same meanwhile. */
  readonly definition: Definition | null;
  readonly conflicts: readonly Conflict[];
  /** What would be wrong with it, on what the draft has become, that is not wrong already. Settings left to fill in do not count. */
  readonly broken: readonly Problem[];
  /** It is still being looked through. */
  readonly checking: boolean;
}

const nothing: readonly never[] = [];

/** The proposal that is open, on the draft as it reads now: others go on building meanwhile. */
export function useProposal(): OpenProposal | null {
  const { checker } = useSessionOf();
  const proposal = useUi((state) => state.proposal);
  const known = useUi((state) => state.problems);
  const draft = useDefinition();
  const rebased = useMemo(() => (proposal ? rebase(proposal.base, proposal.proposed, draft) : null), [proposal, draft]);
  const definition = rebased?.definition ?? null;
  const [judged, setJudged] = useState<{ of: Definition; problems: readonly Problem[] } | null>(null);
  useEffect(() => {
    if (!definition) return undefined;
    let late = false;
    void checker.ask('judge', { definition }).then((problems) => {
      if (!late) setJudged({ of: definition, problems });
    });
    return () => void (late = true);
  }, [checker, definition]);
  if (!proposal || !rebased) return null;
  const checking = definition !== null && judged?.of !== definition;
  const before = new Set(known.map(keyOf));
  const broken = checking
    ? nothing
    : (judged?.problems ?? nothing).filter(
        (problem) => problem.severity === 'error' && problem.code !== 'config.required' && !before.has(keyOf(problem)),
      );
  return { proposal, definition, conflicts: rebased.conflicts ?? nothing, broken, checking };
}

const keyOf = ({ code, nodeId, edgeId, path }: Problem): string => JSON.stringify([code, nodeId, edgeId, path]);
