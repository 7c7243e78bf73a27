import { useMemo } from 'react';
import { diff } from '#engine/graph/diff.js';
import { CompareCanvas } from '../canvas/CompareCanvas.js';
import { useDefinition, useSessionOf, useUi } from '../editor/session.js';
import { useTexts } from '../i18n/useTexts.js';
import { useProposal } from './useProposal.js';

/** The draft with what is proposed: what would come in drawn as a ghost, what would go struck out. */
export function ProposalCanvas() {
  const { t } = useTexts();
  const { nodeTypes, department } = useSessionOf();
  const draft = useDefinition();
  const found = useProposal();
  const at = useUi((state) => state.proposalAt);
  const level = useUi((state) => state.level);
  const after = found?.definition ?? found?.proposal.proposed ?? draft;
  const changes = useMemo(() => diff(draft, after), [draft, after]);
  return (
    <div className="proposal-canvas">
      <CompareCanvas
        after={after}
        changes={changes}
        nodeTypes={nodeTypes}
        team={department.type}
        name={department.name}
        first={level}
        at={at}
      />
      <p className="proposal-mark">{t('describe.onCanvas')}</p>
    </div>
  );
}
