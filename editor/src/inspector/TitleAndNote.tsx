import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';
import { setNodeOption, setTitle } from '../document/operations/options.js';
import { useSessionOf } from '../editor/session.js';
import { formatAgo } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import type { Definition } from '../api/types.js';
import { Face } from '../ui/Face.js';
import { useNow } from '../ui/useNow.js';

/** What the step is called, and what its authors want each other to know. */
export function TitleAndNote({ node, readOnly }: { node: Definition['nodes'][number]; readOnly: boolean }) {
  const id = useId();
  const { t } = useTexts();
  const { doc, types, locale, presence } = useSessionOf();
  const focus = (path: string | null): void =>
    presence.show({ field: path === null ? null : { nodeId: node.id, path } });
  return (
    <>
      <div data-field="title">
        <label htmlFor={`${id}-title`} className="mb-1 block text-sm font-semibold desk:text-xs">
          {t('editor.inspector.name')}
        </label>
        <input
          id={`${id}-title`}
          className="field-input"
          maxLength={120}
          readOnly={readOnly}
          value={node.title ?? ''}
          placeholder={types.get(node.type)?.title[locale]}
          onChange={({ target }) => setTitle(doc, node.id, target.value)}
          onFocus={() => focus('title')}
          onBlur={() => focus(null)}
        />
      </div>
      <div data-field="note">
        <label htmlFor={`${id}-note`} className="mb-1 block text-sm font-semibold desk:text-xs">
          {t('editor.inspector.note')}
        </label>
        <textarea
          id={`${id}-note`}
          className="field-input"
          rows={2}
          maxLength={2_000}
          readOnly={readOnly}
          value={node.note ?? ''}
          placeholder={t('editor.inspector.notePlaceholder')}
          onChange={({ target }) => setNodeOption(doc, node.id, 'note', target.value)}
          onFocus={() => focus('note')}
          onBlur={() => focus(null)}
        />
      </div>
      <LastEdit nodeId={node.id} />
      <p className="font-mono text-2xs text-ink-3">steps.{node.id}</p>
    </>
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
