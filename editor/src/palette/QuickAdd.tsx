import { Command } from 'cmdk';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTexts } from '../i18n/useTexts.js';
import { insertNode } from '../editor/insertNode.js';
import { useSessionOf, useUi } from '../editor/session.js';
import { KindTile } from './KindRow.js';
import { findKinds } from './kinds.js';

/** The list at the cursor: type what comes next, Enter puts it there. */
export function QuickAdd() {
  const quickAdd = useUi((state) => state.quickAdd);
  return quickAdd ? <OpenQuickAdd key={`${quickAdd.screen.x} ${quickAdd.screen.y}`} /> : null;
}

const size = { width: 264, height: 320 };

function OpenQuickAdd() {
  const { t, of, locale } = useTexts();
  const session = useSessionOf();
  const { ui, nodeTypes } = session;
  const quickAdd = useUi((state) => state.quickAdd);
  const [search, setSearch] = useState(quickAdd?.search ?? '');
  const box = useRef<HTMLDivElement>(null);
  const inTheMiddle =
    quickAdd?.from !== undefined || quickAdd?.edgeId !== undefined || quickAdd?.parentId !== undefined;
  const found = useMemo(
    () => findKinds(nodeTypes, search, locale).filter((type) => !inTheMiddle || type.kind !== 'trigger'),
    [nodeTypes, search, locale, inTheMiddle],
  );
  const close = (): void => {
    ui.setState({ quickAdd: null });
    document.querySelector<HTMLElement>('[data-canvas] .react-flow__pane')?.focus();
  };
  useEffect(() => {
    const outside = (event: PointerEvent): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) ui.setState({ quickAdd: null });
    };
    addEventListener('pointerdown', outside, true);
    return () => removeEventListener('pointerdown', outside, true);
  }, [ui]);
  if (!quickAdd) return null;
  const left = Math.max(8, Math.min(quickAdd.screen.x, innerWidth - size.width - 8));
  const top = Math.max(8, Math.min(quickAdd.screen.y, innerHeight - size.height - 8));
  return (
    <div ref={box} className="quick-add" style={{ left, top, width: size.width }}>
      <Command shouldFilter={false} label={t('editor.palette.search')} loop>
        <Command.Input
          autoFocus
          value={search}
          onValueChange={setSearch}
          placeholder={t('editor.palette.search')}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            close();
          }}
        />
        <Command.List>
          <Command.Empty>{t('editor.palette.nothing', { search })}</Command.Empty>
          {found.map((type) => (
            <Command.Item
              key={type.type}
              value={type.type}
              onSelect={() => {
                const { at, edgeId, from, parentId } = quickAdd;
                ui.setState({ quickAdd: null });
                insertNode(session, type.type, {
                  at: from ? { x: at.x, y: at.y + 27 } : at,
                  ...(edgeId && { edgeId }),
                  ...(from && { from }),
                  ...(parentId && { parentId }),
                });
              }}
            >
              <KindTile type={type} team={session.department.type} />
              <span className="min-w-0 flex-1 truncate">{of(type.title)}</span>
            </Command.Item>
          ))}
        </Command.List>
      </Command>
    </div>
  );
}
