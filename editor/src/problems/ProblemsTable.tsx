import { CircleAlert, CircleX, WandSparkles } from 'lucide-react';
import { useTexts } from '../i18n/useTexts.js';
import { titleOf, useDefinition, useSessionOf, useUi } from '../editor/session.js';
import { classes } from '../ui/classes.js';
import { applyFix } from './applyFix.js';
import { goToProblem } from './goToProblem.js';

/** What is wrong, where, and the way to mend it. A row jumps to its field. */
export function ProblemsTable() {
  const { t } = useTexts();
  const session = useSessionOf();
  const problems = useUi((state) => state.problems);
  const checked = useUi((state) => state.checkedAt !== null);
  const selected = useUi((state) => state.nodes);
  const definition = useDefinition();
  const nodes = new Map(definition.nodes.map((node) => [node.id, node]));
  if (problems.length === 0)
    return <p className="px-3.5 py-3 text-ink-2">{t(checked ? 'editor.problems.none' : 'editor.problems.looking')}</p>;
  return (
    <ul className="problem-table" aria-label={t('editor.problems.title')}>
      {problems.map((problem) => {
        const { nodeId, edgeId, severity, message, fix, code, path } = problem;
        const edge = definition.edges.find(({ id }) => id === edgeId);
        const node = nodes.get(nodeId ?? edge?.from.node ?? '');
        const Icon = severity === 'error' ? CircleX : CircleAlert;
        return (
          <li
            key={`${code} ${nodeId} ${edgeId} ${path} ${message}`}
            className={classes(nodeId !== undefined && selected.includes(nodeId) && 'on')}
          >
            <button
              type="button"
              disabled={!node}
              className="problem-row"
              onClick={() => goToProblem(session, problem)}
            >
              <Icon
                size={16}
                className={severity === 'error' ? 'text-danger' : 'text-sol-text'}
                aria-label={t(`editor.problems.${severity}`)}
              />
              <span className="truncate font-semibold">{node ? titleOf(session, node) : session.department.name}</span>
              <span className="problem-message">{message}</span>
            </button>
            {fix && !session.readOnly ? (
              <button type="button" className="problem-fix press" onClick={() => applyFix(session, fix)}>
                <WandSparkles size={14} aria-hidden="true" />
                {t('editor.field.fix')}
              </button>
            ) : (
              node && (
                <button
                  type="button"
                  tabIndex={-1}
                  aria-hidden="true"
                  className="problem-fix press"
                  onClick={() => goToProblem(session, problem)}
                >
                  {t('editor.problems.see')}
                </button>
              )
            )}
          </li>
        );
      })}
    </ul>
  );
}
