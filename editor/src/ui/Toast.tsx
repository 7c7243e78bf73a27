import { Check, CircleAlert, X } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import { classes } from './classes.js';

interface ToastItem {
  readonly id: number;
  readonly tone: 'ok' | 'no' | 'error';
  readonly sentence: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

const useToasts = create<{ items: readonly ToastItem[] }>(() => ({ items: [] }));
let last = 0;

/**
 * Says it at the bottom: what went well leaves after 5 s (8 s when it can be undone), and so does why something cannot be done (`no`);
 * errors stay. Two at most.
 */
export function toast(
  sentence: string,
  options: { tone?: ToastItem['tone']; action?: ToastItem['action'] } = {},
): void {
  const { tone = 'ok', action } = options;
  const item: ToastItem = { id: ++last, tone, sentence, ...(action && { action }) };
  useToasts.setState(({ items }) => ({ items: [...items, item].slice(-2) }));
}

const dismiss = (id: number): void =>
  useToasts.setState(({ items }) => ({ items: items.filter((item) => item.id !== id) }));

export function Toasts() {
  const items = useToasts((state) => state.items);
  // Said beside the roles that mean it: an open sheet hides all around it from those who do not see but what has this.
  return (
    <div className="toasts pointer-events-none fixed z-(--z-toast) grid gap-2">
      <div role="status" aria-live="polite" className="grid gap-2">
        {items
          .filter(({ tone }) => tone !== 'error')
          .map((item) => (
            <ToastCard key={item.id} item={item} />
          ))}
      </div>
      <div role="alert" aria-live="assertive" className="grid gap-2">
        {items
          .filter(({ tone }) => tone === 'error')
          .map((item) => (
            <ToastCard key={item.id} item={item} />
          ))}
      </div>
    </div>
  );
}

function ToastCard({ item }: { item: ToastItem }) {
  const { t } = useTranslation();
  const { id, tone, sentence, action } = item;
  useEffect(() => {
    if (tone === 'error') return;
    const timer = setTimeout(() => dismiss(id), action ? 8_000 : 5_000);
    return () => clearTimeout(timer);
  }, [id, tone, action]);
  const Icon = tone === 'ok' ? Check : CircleAlert;
  return (
    <div className="slides-in pointer-events-auto flex items-center gap-2.5 rounded-[14px] bg-raised py-1.5 pr-1.5 pl-3.5 shadow-3 ring-1 ring-line">
      <Icon size={18} aria-hidden="true" className={classes(tone === 'ok' ? 'text-ok' : 'text-danger')} />
      <span className="min-w-0 flex-1 py-1.5 text-sm">{sentence}</span>
      {action && (
        <button
          type="button"
          className="press min-h-9 rounded-sm px-2.5 text-sm font-semibold hover:bg-sunken"
          onClick={() => {
            dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <button
        type="button"
        aria-label={t('common.close')}
        onClick={() => dismiss(id)}
        className="press grid size-9 place-items-center rounded-sm text-ink-3 hover:bg-sunken"
      >
        <X size={16} />
      </button>
    </div>
  );
}
