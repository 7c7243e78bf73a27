import { Copy } from 'lucide-react';
import { useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Json } from '../api/types.js';
import { formatBytes } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { classes } from '../ui/classes.js';
import { copyText } from '../ui/copyText.js';
import { toast } from '../ui/Toast.js';
import { partOf, REFERENCE_MIME } from './reference.js';

/** Children shown before the rest is folded away, and characters of a text. */
const SHOWN = 5;
const SHOWN_TOP = 12;
const SHOWN_TEXT = 400;

interface PayloadTreeProps {
  readonly value: Json;
  /** The expression that gives it; its parts can then be dragged and their paths copied. */
  readonly reference?: string | null;
  /** Gets what was too big to be shown; absent when only its beginning was kept. */
  readonly onWhole?: (() => Promise<Json>) | undefined;
}

/** A value as a typed tree: key, value in the colour of its type. */
export function PayloadTree({ value, reference = null, onWhole }: PayloadTreeProps) {
  const { t } = useTexts();
  const [whole, setWhole] = useState<Json | undefined>(undefined);
  const [loading, setLoading] = useState(false);
  const cut = truncation(value);
  const load = async (): Promise<void> => {
    setLoading(true);
    try {
      setWhole(await onWhole?.());
    } catch {
      toast(t('simulator.tree.wholeFailed'), { tone: 'error' });
    }
    setLoading(false);
  };
  if (cut && whole === undefined)
    return <Beginning {...cut} loading={loading} {...(onWhole && { onLoad: () => void load() })} />;
  const shown = whole ?? value;
  return (
    <div className="group/tree px-3.5 py-3">
      <div className="grid gap-0.5 font-mono text-xs leading-[18px] break-words">
        {isBranch(shown) && Object.keys(shown).length > 0 ? (
          <Branch value={shown} reference={reference} />
        ) : (
          <Leaf value={shown} />
        )}
      </div>
      <button
        type="button"
        onClick={() => void copyText(JSON.stringify(shown, null, 2), t('simulator.tree.copied'), t)}
        className="press mt-2 inline-flex min-h-11 items-center gap-1.5 text-xs font-semibold text-ink-2 hover:text-ink desk:min-h-6"
      >
        <Copy size={13} aria-hidden="true" />
        {t('simulator.tree.copyAll')}
      </button>
    </div>
  );
}

function Beginning({
  bytes,
  preview,
  loading,
  onLoad,
}: {
  bytes: number;
  preview: string;
  loading: boolean;
  onLoad?: () => void;
}) {
  const { t, locale } = useTexts();
  return (
    <div className="px-3.5 py-3">
      <p className="mb-2 rounded-md bg-sunken px-3 py-2 text-sm text-ink-2">
        {t(onLoad ? 'simulator.tree.cut' : 'simulator.tree.cutForever', { size: formatBytes(locale, bytes) })}
      </p>
      <pre
        className="max-h-60 overflow-auto font-mono text-xs leading-[18px] whitespace-pre-wrap text-ink-2"
        tabIndex={0}
      >
        {preview}…
      </pre>
      {onLoad && (
        <Button size="sm" className="mt-2" loading={loading} onClick={onLoad}>
          {t('simulator.tree.whole')}
        </Button>
      )}
    </div>
  );
}

const isBranch = (value: Json): value is Json[] | { [key: string]: Json } =>
  typeof value === 'object' && value !== null;

/** What the engine keeps of a payload above 256 KB: its size and its beginning. `null` for a payload that is whole. */
export function truncation(value: Json): { bytes: number; preview: string } | null {
  if (!isBranch(value) || Array.isArray(value) || Object.keys(value).length !== 1) return null;
  const cut = value['truncated'];
  if (cut === undefined || !isBranch(cut) || Array.isArray(cut)) return null;
  const { bytes, preview } = cut;
  return typeof bytes === 'number' && typeof preview === 'string' ? { bytes, preview } : null;
}

function Branch({
  value,
  reference,
  depth = 0,
}: {
  value: Json[] | { [key: string]: Json };
  reference: string | null;
  depth?: number;
}) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const entries: [string | number, Json][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value);
  const most = depth === 0 ? SHOWN_TOP : SHOWN;
  const visible = all ? entries : entries.slice(0, most);
  return (
    <div className={classes('grid gap-0.5', depth > 0 && 'ml-1 border-l border-line pl-2.5')}>
      {visible.map(([key, child]) => (
        <Entry
          key={key}
          name={key}
          value={child}
          reference={reference === null ? null : partOf(reference, key)}
          depth={depth}
        />
      ))}
      {entries.length > most && (
        <button
          type="button"
          onClick={() => setAll(!all)}
          className="press min-h-6 justify-self-start text-ink-2 underline"
        >
          {all ? t('simulator.tree.less') : `${t('simulator.tree.more')} (${entries.length})`}
        </button>
      )}
    </div>
  );
}

function Entry({
  name,
  value,
  reference,
  depth,
}: {
  name: string | number;
  value: Json;
  reference: string | null;
  depth: number;
}) {
  const { t } = useTranslation();
  const size = isBranch(value) ? Object.keys(value).length : 0;
  const [open, setOpen] = useState(depth < 2 && size <= 40);
  const branch = isBranch(value) && size > 0;
  const drag = (event: DragEvent): void => {
    if (reference === null) return;
    event.stopPropagation();
    event.dataTransfer.effectAllowed = 'copy';
    event.dataTransfer.setData(REFERENCE_MIME, reference);
    event.dataTransfer.setData('text/plain', `{{ ${reference} }}`);
  };
  return (
    <div
      draggable={reference !== null}
      onDragStart={drag}
      data-reference={reference ?? undefined}
      className={classes('group/entry', branch ? 'grid gap-0.5' : 'grid grid-cols-[auto_1fr_auto] items-start gap-x-2')}
    >
      <span className="flex min-h-6 items-center gap-2">
        <Key name={name} reference={reference} />
        {branch && (
          <button
            type="button"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            className="min-h-6 text-ink-2 underline-offset-2 hover:underline"
          >
            {t(Array.isArray(value) ? 'simulator.tree.list' : 'simulator.tree.object', { count: size })}
          </button>
        )}
        {branch && <CopyValue value={value} />}
      </span>
      {branch ? open && <Branch value={value} reference={reference} depth={depth + 1} /> : <Leaf value={value} />}
      {!branch && <CopyValue value={value} />}
    </div>
  );
}

/** The name of a part; with a reference it copies the path, and its row can be dragged. */
function Key({ name, reference }: { name: string | number; reference: string | null }) {
  const { t } = useTranslation();
  if (reference === null) return <span className="py-[3px] text-ink-2">{name}</span>;
  return (
    <button
      type="button"
      title={t('simulator.tree.copyPath')}
      aria-label={`${name}: ${t('simulator.tree.copyPath')}`}
      onClick={() => void copyText(reference, t('simulator.tree.pathCopied', { path: reference }), t)}
      className="min-h-6 min-w-6 cursor-grab rounded-xs text-left text-ink-2 hover:bg-sunken hover:text-ink"
    >
      {name}
    </button>
  );
}

function CopyValue({ value }: { value: Json }) {
  const { t } = useTranslation();
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return (
    <button
      type="button"
      aria-label={t('simulator.tree.copy')}
      title={t('simulator.tree.copy')}
      onClick={() => void copyText(text, t('simulator.tree.copied'), t)}
      className="grid size-6 flex-none place-items-center rounded-xs text-ink-3 opacity-0 group-hover/entry:opacity-100 hover:bg-sunken hover:text-ink focus-visible:opacity-100 pointer-coarse:opacity-100"
    >
      <Copy size={12} aria-hidden="true" />
    </button>
  );
}

/** No half of a letter at its end. */
const beginning = (text: string): string => text.slice(0, SHOWN_TEXT).replace(/[\ud800-\udbff]$/, '');

function Leaf({ value }: { value: Json }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  if (value === null) return <span className="py-[3px] text-ink-3">{t('simulator.tree.empty')}</span>;
  if (value === '' || isBranch(value))
    return <span className="py-[3px] text-ink-3">{`${JSON.stringify(value)} ${t('simulator.tree.empty')}`}</span>;
  if (typeof value === 'boolean')
    return <span className="py-[3px] text-code-fn">{t(value ? 'simulator.tree.true' : 'simulator.tree.false')}</span>;
  if (typeof value === 'number') return <span className="py-[3px] text-code-num">{value}</span>;
  const text = String(value);
  const long = text.length > SHOWN_TEXT;
  return (
    <span className="min-w-0 py-[3px] break-words whitespace-pre-wrap text-code-str">
      {/* A text that runs the other way turns nothing around it. */}"
      <bdi>{long && !all ? `${beginning(text)}…` : text}</bdi>"
      {long && (
        <button type="button" onClick={() => setAll(!all)} className="ml-1.5 min-h-6 text-ink-2 underline">
          {t(all ? 'simulator.tree.less' : 'simulator.tree.more')}
        </button>
      )}
    </span>
  );
}
