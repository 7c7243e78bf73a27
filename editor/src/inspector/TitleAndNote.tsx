import { useId } from 'react';
import { setNodeOption, setTitle } from '../document/operations/options.js';
import { useSessionOf } from '../editor/session.js';
import { useTexts } from '../i18n/useTexts.js';
import type { Definition } from '../api/types.js';

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
      <p className="font-mono text-2xs text-ink-3">steps.{node.id}</p>
    </>
  );
}
