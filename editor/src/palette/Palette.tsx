import { PanelLeftClose, PanelLeftOpen, Search } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useDeferredValue, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTexts } from '../i18n/useTexts.js';
import type { PublicNode } from '../api/types.js';
import { insertAfterSelection } from '../editor/insertNode.js';
import { useSessionOf, useUi } from '../editor/session.js';
import { draggedType } from './dragType.js';
import { KindTile } from './KindRow.js';
import { findKinds, groupOrder } from './kinds.js';

/** What a department can do, in six groups by verb: drag it out, or click to add it after what is selected. */
export function Palette() {
  const { t, locale, of } = useTexts();
  const session = useSessionOf();
  const { nodeTypes, ui } = session;
  const width = useUi((state) => state.palette);
  const [search, setSearch] = useState('');
  const deferred = useDeferredValue(search);
  const found = useMemo(() => findKinds(nodeTypes, deferred, locale), [nodeTypes, deferred, locale]);
  const list = useRef<HTMLDivElement>(null);

  if (width === 'rail') return <Rail />;
  const row = (type: PublicNode) => (
    <li key={type.type}>
      <button
        type="button"
        draggable
        title={of(type.summary)}
        className="palette-row"
        onDragStart={(event) => draggedType.carry(event.dataTransfer, type.type)}
        onClick={() => insertAfterSelection(session, type.type)}
      >
        <KindTile type={type} team={session.department.type} />
        <span className="line-clamp-2 leading-[1.15rem]">{of(type.title)}</span>
      </button>
    </li>
  );
  return (
    <aside aria-label={t('editor.palette.label')} className="palette" data-palette="">
      <div className="flex items-center gap-1 px-3 pt-3 pb-1">
        <label className="palette-find">
          <Search size={15} aria-hidden="true" />
          <span className="sr-only">{t('editor.palette.search')}</span>
          <input
            type="search"
            data-palette-search=""
            value={search}
            placeholder={t('editor.palette.search')}
            onChange={({ target }) => setSearch(target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') {
                setSearch('');
                event.currentTarget.blur();
              }
              if (event.key === 'Enter') {
                // What was typed, not what is already drawn of it: a quick hand is ahead of a slow machine.
                const written = event.currentTarget.value;
                const [first] = findKinds(nodeTypes, written, locale);
                if (!first || written.trim() === '') return;
                insertAfterSelection(session, first.type);
                setSearch('');
              }
              if (event.key === 'ArrowDown') {
                event.preventDefault();
                list.current?.querySelector<HTMLElement>('.palette-row')?.focus();
              }
            }}
          />
          <kbd className="kbd" aria-hidden="true">
            /
          </kbd>
        </label>
      </div>
      <div ref={list} className="min-h-0 flex-1 overflow-y-auto pb-3" onKeyDown={moveWithArrows}>
        {deferred.trim() !== '' ? (
          found.length > 0 ? (
            <ul className="px-2 pt-2">{found.map(row)}</ul>
          ) : (
            <p className="px-4 pt-3 text-ink-2">{t('editor.palette.nothing', { search: deferred })}</p>
          )
        ) : (
          groupOrder.map((group) => {
            const types = nodeTypes.filter((type) => type.group === group);
            return (
              types.length > 0 && (
                <section key={group} aria-label={t(`editor.palette.group.${group}`)}>
                  <h2 className="palette-group">{t(`editor.palette.group.${group}`)}</h2>
                  <ul className="px-2">{types.map(row)}</ul>
                </section>
              )
            );
          })
        )}
      </div>
      <div className="flex flex-none justify-end border-t border-line px-2 py-1">
        <button
          type="button"
          aria-label={t('editor.palette.fold')}
          title={t('editor.palette.fold')}
          className="press grid size-8 flex-none place-items-center rounded-sm text-ink-3 hover:bg-sunken"
          onClick={() => ui.setState({ palette: 'rail' })}
        >
          <PanelLeftClose size={16} aria-hidden="true" />
        </button>
      </div>
    </aside>
  );
}

/** Six tiles, each opening its group beside it. */
function Rail() {
  const { t, of } = useTexts();
  const session = useSessionOf();
  const { nodeTypes, ui, department } = session;
  return (
    <aside aria-label={t('editor.palette.label')} className="palette-rail">
      {groupOrder.map((group) => {
        const types = nodeTypes.filter((type) => type.group === group);
        const [first] = types;
        return (
          first && (
            <Popover.Root key={group}>
              <Popover.Trigger
                aria-label={t(`editor.palette.group.${group}`)}
                title={t(`editor.palette.group.${group}`)}
                className="press rounded-md p-1"
              >
                <KindTile type={first} team={department.type} size={32} />
              </Popover.Trigger>
              <Popover.Portal>
                <Popover.Content
                  side="right"
                  align="start"
                  sideOffset={6}
                  aria-label={t(`editor.palette.group.${group}`)}
                  className="menu w-56"
                >
                  {types.map((type) => (
                    <Popover.Close
                      key={type.type}
                      className="palette-row"
                      title={of(type.summary)}
                      onClick={() => insertAfterSelection(session, type.type)}
                    >
                      <KindTile type={type} team={department.type} />
                      <span className="line-clamp-2 leading-[1.15rem]">{of(type.title)}</span>
                    </Popover.Close>
                  ))}
                </Popover.Content>
              </Popover.Portal>
            </Popover.Root>
          )
        );
      })}
      <button
        type="button"
        aria-label={t('editor.palette.unfold')}
        title={t('editor.palette.unfold')}
        className="press mt-auto grid size-9 place-items-center rounded-sm text-ink-3 hover:bg-sunken"
        onClick={() => ui.setState({ palette: 'wide' })}
      >
        <PanelLeftOpen size={17} aria-hidden="true" />
      </button>
    </aside>
  );
}

/** Up and down through the list, as in a menu. */
function moveWithArrows(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('.palette-row, [role="menuitem"]')];
  const index = rows.indexOf(document.activeElement as HTMLElement);
  if (index === -1) return;
  event.preventDefault();
  rows[Math.max(0, Math.min(rows.length - 1, index + (event.key === 'ArrowDown' ? 1 : -1)))]?.focus();
}
