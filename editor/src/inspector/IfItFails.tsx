import { useId } from 'react';
import { setNodeOption } from '../document/operations/options.js';
import { titleOf, useDefinition, useSessionOf } from '../editor/session.js';
import { useTexts } from '../i18n/useTexts.js';
import type { Definition } from '../api/types.js';
import { Segmented } from '../ui/Segmented.js';

/** "Se der errado": tries again, then stops, goes on, or takes a way of its own; and which step undoes this one. */
export function IfItFails({ node, readOnly }: { node: Definition['nodes'][number]; readOnly: boolean }) {
  const id = useId();
  const { t } = useTexts();
  const session = useSessionOf();
  const { doc, types } = session;
  const definition = useDefinition();
  const attempts = node.retry?.attempts ?? 1;
  const undoers = definition.nodes.filter(
    (each) => each.id !== node.id && types.get(each.type)?.kind === 'effect' && each.parentId === node.parentId,
  );
  const number = (text: string): number | null => (Number.isFinite(Number(text)) && text !== '' ? Number(text) : null);
  return (
    <fieldset className="space-y-2.5" data-field="onError">
      <legend className="mb-1 text-sm font-semibold desk:text-xs">{t('editor.fails.label')}</legend>
      <Segmented
        label={t('editor.fails.label')}
        value={node.onError ?? 'stop'}
        disabled={readOnly}
        onChange={(value) => setNodeOption(doc, node.id, 'onError', value === 'stop' ? undefined : value)}
        options={[
          { value: 'stop', label: t('editor.fails.stop') },
          { value: 'continue', label: t('editor.fails.continue') },
          { value: 'route', label: t('editor.fails.route') },
        ]}
      />
      <p className="text-xs text-ink-3">{t(`editor.fails.${node.onError ?? 'stop'}Help`)}</p>
      <div className="grid grid-cols-2 gap-2" data-field="retry">
        <div>
          <label htmlFor={`${id}-tries`} className="mb-1 block text-xs text-ink-2">
            {t('editor.fails.tries')}
          </label>
          <input
            id={`${id}-tries`}
            type="number"
            min={1}
            max={10}
            readOnly={readOnly}
            className="field-input num"
            value={attempts}
            onChange={({ target }) => {
              const tries = number(target.value);
              if (tries === null) return;
              const kept = Math.max(1, Math.min(10, Math.round(tries)));
              setNodeOption(
                doc,
                node.id,
                'retry',
                kept === 1 ? undefined : { attempts: kept, backoffMs: node.retry?.backoffMs ?? 1_000 },
              );
            }}
          />
        </div>
        <div>
          <label htmlFor={`${id}-wait`} className="mb-1 block text-xs text-ink-2">
            {t('editor.fails.wait')}
          </label>
          <input
            id={`${id}-wait`}
            type="number"
            min={0}
            max={3_600}
            step={0.5}
            readOnly={readOnly}
            disabled={attempts < 2}
            className="field-input num"
            value={(node.retry?.backoffMs ?? 1_000) / 1_000}
            onChange={({ target }) => {
              const seconds = number(target.value);
              if (seconds === null) return;
              const backoffMs = Math.round(Math.max(0, Math.min(3_600, seconds)) * 1_000);
              setNodeOption(doc, node.id, 'retry', { attempts, backoffMs });
            }}
          />
        </div>
      </div>
      <div data-field="timeoutSeconds">
        <label htmlFor={`${id}-timeout`} className="mb-1 block text-xs text-ink-2">
          {t('editor.fails.timeout')}
        </label>
        <input
          id={`${id}-timeout`}
          type="number"
          min={1}
          max={86_400}
          readOnly={readOnly}
          className="field-input num"
          value={node.timeoutSeconds ?? ''}
          placeholder={t('editor.fails.noTimeout')}
          onChange={({ target }) => {
            const seconds = number(target.value);
            setNodeOption(
              doc,
              node.id,
              'timeoutSeconds',
              seconds !== null && seconds > 0 ? Math.min(86_400, seconds) : undefined,
            );
          }}
        />
      </div>
      {(undoers.length > 0 || node.compensateWith) && (
        <div data-field="compensateWith">
          <label htmlFor={`${id}-undo`} className="mb-1 block text-xs text-ink-2">
            {t('editor.fails.undoWith')}
          </label>
          <select
            id={`${id}-undo`}
            disabled={readOnly}
            className="field-input select"
            value={node.compensateWith ?? ''}
            onChange={({ target }) =>
              setNodeOption(doc, node.id, 'compensateWith', target.value === '' ? undefined : target.value)
            }
          >
            <option value="">{t('editor.fails.undoNothing')}</option>
            {undoers.map((each) => (
              <option key={each.id} value={each.id}>
                {titleOf(session, each)}
              </option>
            ))}
          </select>
        </div>
      )}
    </fieldset>
  );
}
