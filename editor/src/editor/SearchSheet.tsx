import { useDeferredValue, useId, useMemo, useState } from 'react';
import { levelOfNode } from '../canvas/levels.js';
import { setConfig, setNoteOf, setTitle } from '../document/operations/options.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Sheet } from '../ui/Sheet.js';
import { Tick } from '../ui/Tick.js';
import { toast } from '../ui/Toast.js';
import { findText, replaceText, type Found } from './searchGraph.js';
import { titleOf, useDefinition, useSessionOf } from './session.js';
import { focusField, show } from './uiState.js';

/** Search and replace in every text of every step. */
export function SearchSheet() {
  const id = useId();
  const { t } = useTexts();
  const session = useSessionOf();
  const { doc, ui, types, history, readOnly } = session;
  const definition = useDefinition();
  const [search, setSearch] = useState('');
  const [replacement, setReplacement] = useState('');
  const [exact, setExact] = useState(false);
  const deferred = useDeferredValue(search);
  const found = useMemo(() => findText(definition, deferred, exact), [definition, deferred, exact]);
  const nodes = new Map(definition.nodes.map((node) => [node.id, node]));
  const replaceIn = ({ nodeId, path, text }: Found): boolean => {
    const next = replaceText(text, search, replacement, exact);
    if (path === 'title') return setTitle(doc, nodeId, next, text);
    if (path === 'note') return setNoteOf(doc, nodeId, next, text);
    return setConfig(doc, nodeId, path.replace(/^config\.?/, ''), next, { seen: text });
  };
  const replaceAll = (): void => {
    history.begin();
    const done = found.filter(replaceIn).length;
    history.end();
    toast(t('editor.search.replaced', { count: done }), {
      action: { label: t('editor.command.undo'), run: () => history.undo() },
    });
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && ui.setState({ dialog: null })}
      title={t('editor.command.search')}
      actions={
        !readOnly && found.length > 0 ? (
          <Button wide onClick={replaceAll}>
            {t('editor.search.replaceAll', { count: found.length })}
          </Button>
        ) : undefined
      }
    >
      <div className="space-y-3 pt-1">
        <div>
          <label htmlFor={`${id}-find`} className="mb-1 block text-xs font-semibold">
            {t('editor.search.find')}
          </label>
          <input
            id={`${id}-find`}
            type="search"
            autoFocus
            className="field-input"
            value={search}
            onChange={({ target }) => setSearch(target.value)}
          />
        </div>
        {!readOnly && (
          <div>
            <label htmlFor={`${id}-replace`} className="mb-1 block text-xs font-semibold">
              {t('editor.search.replace')}
            </label>
            <input
              id={`${id}-replace`}
              className="field-input"
              value={replacement}
              onChange={({ target }) => setReplacement(target.value)}
            />
          </div>
        )}
        <label className="flex min-h-11 cursor-pointer items-center gap-2.5 desk:min-h-9">
          <input
            type="checkbox"
            className="peer sr-only"
            checked={exact}
            onChange={({ target }) => setExact(target.checked)}
          />
          <span className="rounded-[8px] peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-focus">
            <Tick on={exact} />
          </span>
          {t('editor.search.exact')}
        </label>
        {deferred !== '' && (
          <p role="status" className="text-xs text-ink-2">
            {t('editor.search.count', { count: found.length })}
          </p>
        )}
        <ul className="divide-y divide-line">
          {found.map((each) => {
            const node = nodes.get(each.nodeId);
            return (
              <li key={`${each.nodeId} ${each.path}`}>
                <button
                  type="button"
                  className="w-full rounded-sm py-2 text-left hover:bg-sunken"
                  onClick={() => {
                    ui.setState({ dialog: null });
                    show(ui, [each.nodeId], levelOfNode(definition, types, each.nodeId));
                    focusField(ui, each.nodeId, each.path);
                  }}
                >
                  <b className="block">{node && titleOf(session, node)}</b>
                  <span className="line-clamp-2 text-xs break-words text-ink-2">{each.text}</span>
                </button>
              </li>
            );
          })}
        </ul>
      </div>
    </Sheet>
  );
}
