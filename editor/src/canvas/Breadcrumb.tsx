import { ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { titleOf, useDefinition, useSessionOf, useUi } from '../editor/session.js';
import { nothingSelected } from '../editor/uiState.js';
import { pathTo } from './levels.js';

/** Where one is while a sub-department is open, and the way out of it. */
export function Breadcrumb() {
  const { t } = useTranslation();
  const session = useSessionOf();
  const definition = useDefinition();
  const level = useUi((state) => state.level);
  if (level === null) return null;
  const path = pathTo(definition, level);
  const open = (id: string | null): void => session.ui.setState({ ...nothingSelected, level: id });
  return (
    <nav aria-label={t('editor.canvas.levels')} className="canvas-crumbs">
      <button type="button" onClick={() => open(null)}>
        {session.department.name}
      </button>
      {path.map((node, index) => (
        <span key={node.id} className="contents">
          <ChevronRight size={14} aria-hidden="true" className="text-ink-3" />
          {index === path.length - 1 ? (
            <b aria-current="page">{titleOf(session, node)}</b>
          ) : (
            <button type="button" onClick={() => open(node.id)}>
              {titleOf(session, node)}
            </button>
          )}
        </span>
      ))}
    </nav>
  );
}
