import { useQuery } from '@tanstack/react-query';
import { useId, type ReactNode } from 'react';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';
import { setNoteOf, setTitle } from '../document/operations/options.js';
import { useSessionOf } from '../editor/session.js';
import { formatAgo } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import type { Definition } from '../api/types.js';
import { Face } from '../ui/Face.js';
import { classes } from '../ui/classes.js';
import { useNow } from '../ui/useNow.js';
import type { FieldSurroundings, Guest } from './fieldContext.js';
import { useKeptCaret } from './useKeptCaret.js';
import { referenceTarget } from './dropReference.js';

/** What the step is called, and what its authors want each other to know. */
export function TitleAndNote({
  node,
  readOnly,
  guestsAt,
}: {
  node: Definition['nodes'][number];
  readOnly: boolean;
  guestsAt: FieldSurroundings['guestsAt'];
}) {
  const id = useId();
  const { t } = useTexts();
  const { doc, types, locale, presence } = useSessionOf();
  const title = useKeptCaret<HTMLInputElement>(node.title ?? '');
  const note = useKeptCaret<HTMLTextAreaElement>(node.note ?? '');
  const focus = (path: string | null): void =>
    presence.show({ field: path === null ? null : { nodeId: node.id, path } });
  return (
    <>
      <Own name="title" id={`${id}-title`} label={t('editor.inspector.name')} guests={guestsAt(['title'])}>
        <input
          {...title}
          id={`${id}-title`}
          className="field-input"
          maxLength={120}
          readOnly={readOnly}
          value={node.title ?? ''}
          placeholder={types.get(node.type)?.title[locale]}
          onChange={({ target }) => setTitle(doc, node.id, target.value, node.title ?? '')}
          onFocus={() => focus('title')}
          onBlur={() => focus(null)}
        />
      </Own>
      <Own name="note" id={`${id}-note`} label={t('editor.inspector.note')} guests={guestsAt(['note'])}>
        <textarea
          {...note}
          id={`${id}-note`}
          className="field-input"
          rows={2}
          maxLength={2_000}
          readOnly={readOnly}
          value={node.note ?? ''}
          placeholder={t('editor.inspector.notePlaceholder')}
          onChange={({ target }) => setNoteOf(doc, node.id, target.value, node.note ?? '')}
          onFocus={() => focus('note')}
          onBlur={() => focus(null)}
        />
      </Own>
      <LastEdit nodeId={node.id} />
      <p className="font-mono text-2xs text-ink-3">steps.{node.id}</p>
    </>
  );
}

/** A field that every step has, with the name of whoever else is in it. */
function Own(props: {
  readonly name: string;
  readonly id: string;
  readonly label: string;
  readonly guests: readonly Guest[];
  readonly children: ReactNode;
}) {
  const { name, id, label, guests, children } = props;
  const [guest] = guests;
  return (
    <div
      data-field={name}
      {...referenceTarget(null)}
      className={classes('field-frame', guest && 'held')}
      style={guest && { ['--by' as string]: `var(--color-${guest.color})` }}
    >
      <div className="mb-1 flex items-center justify-between gap-2">
        <label htmlFor={id} className="text-sm font-semibold desk:text-xs">
          {label}
        </label>
        {guest && <span className="field-guest">{guest.name}</span>}
      </div>
      {children}
    </div>
  );
}

/** Who changed the step last, since the version that is live. */
function LastEdit({ nodeId }: { nodeId: string }) {
  const { t, locale } = useTexts();
  const now = useNow(60_000);
  const { department } = useSessionOf();
  const changes = useQuery({
    queryKey: keys.draftChanges(department.id),
    queryFn: () => api.draftChanges(department.id),
    staleTime: 10_000,
  });
  const [last] = (changes.data?.fields ?? [])
    .filter((field) => field.nodeId === nodeId)
    .toSorted((a, b) => b.at.localeCompare(a.at));
  if (!last?.author.name) return null;
  return (
    <p className="flex items-center gap-2 text-xs text-ink-2">
      <Face name={last.author.name} id={last.author.id} size={20} />
      {t('editor.inspector.lastEdit', { name: last.author.name, ago: formatAgo(locale, last.at, now) })}
    </p>
  );
}
