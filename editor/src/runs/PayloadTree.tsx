import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from '../ui/classes.js';
import type { StepView } from '../api/types.js';

type Json = StepView['output'];

/** Children shown before the rest is folded away. */
const shown = 5;

/** A value as a typed tree: key, value in the colour of its type. */
export function PayloadTree({ value }: { value: Json }) {
  return (
    <div className="grid gap-1 px-3.5 py-3 font-mono text-xs leading-[18px] break-words">
      {isBranch(value) ? <Branch value={value} /> : <Leaf value={value} />}
    </div>
  );
}

const isBranch = (value: Json): value is Json[] | { [key: string]: Json } =>
  typeof value === 'object' && value !== null;

function Branch({ value, depth = 0 }: { value: Json[] | { [key: string]: Json }; depth?: number }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const entries = Object.entries(value);
  const visible = all ? entries : entries.slice(0, depth === 0 ? 12 : shown);
  return (
    <div className={classes('grid gap-1', depth > 0 && 'border-l border-line pl-2.5')}>
      {visible.map(([key, child]) => (
        <div key={key} className={classes(isBranch(child) ? 'grid gap-1' : 'grid grid-cols-[auto_1fr] gap-2.5')}>
          <span className="text-ink-2">
            {key}
            {isBranch(child) && (
              <span className="ml-2 text-ink-3">
                {Array.isArray(child) ? t('simulator.tree.list', { count: child.length }) : ''}
              </span>
            )}
          </span>
          {isBranch(child) ? (
            Object.keys(child).length > 0 && <Branch value={child} depth={depth + 1} />
          ) : (
            <Leaf value={child} />
          )}
        </div>
      ))}
      {visible.length < entries.length && (
        <button
          type="button"
          onClick={() => setAll(true)}
          className="press min-h-6 justify-self-start text-ink-2 underline"
        >
          {t('simulator.tree.more')} ({entries.length})
        </button>
      )}
    </div>
  );
}

function Leaf({ value }: { value: Json }) {
  const { t } = useTranslation();
  if (value === null || value === '') return <span className="text-ink-3">{t('simulator.tree.empty')}</span>;
  if (typeof value === 'boolean')
    return <span className="text-code-fn">{t(value ? 'simulator.tree.true' : 'simulator.tree.false')}</span>;
  if (typeof value === 'number') return <span className="text-code-num">{value}</span>;
  return <span className="whitespace-pre-wrap text-code-str">"{String(value)}"</span>;
}
