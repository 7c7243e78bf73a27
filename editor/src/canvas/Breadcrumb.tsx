import { ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { titleOf, useDefinition, useSessionOf, useUi } from '../editor/session.js';
import { nothingSelected } from '../editor/uiState.js';
import type { Definition } from '../api/types.js';
import { pathTo } from './levels.js';

/** Where one is while a sub-department is open, and the way out of it. */
export function Breadcrumb() {
  const session = useSessionOf();
  const definition = useDefinition();
  const level = useUi((state) => state.level);
  return (
    <Crumbs
      name={session.department.name}
      definition={definition}
      level={level}
      titleOf={(node) => titleOf(session, node)}
      onOpen={(id) => session.ui.setState({ ...nothingSelected, level: id })}
    />
  );
}

interface CrumbsProps {
  readonly name: string;
  readonly definition: Definition;
  readonly level: string | null;
  readonly titleOf: (node: Definition['nodes'][number]) => string;
  readonly onOpen: (level: string | null) => void;
}

export function Crumbs({ name, definition, level, titleOf: nameOf, onOpen: open }: CrumbsProps) {
  const { t } = useTranslation();
  if (level === null) return null;
  const path = pathTo(definition, level);
  return (
    <nav aria-label={t('editor.canvas.levels')} className="canvas-crumbs">
      <button type="button" onClick={() => open(null)}>
        {name}
      </button>
      {path.map((node, index) => (
        <span key={node.id} className="contents">
          <ChevronRight size={14} aria-hidden="true" className="text-ink-3" />
          {index === path.length - 1 ? (
            <b aria-current="page">{nameOf(node)}</b>
          ) : (
            <button type="button" onClick={() => open(node.id)}>
              {nameOf(node)}
            </button>
          )}
        </span>
      ))}
    </nav>
  );
}
