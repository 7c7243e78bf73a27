import { useId } from 'react';
import { setNodeOption } from '../document/operations/options.js';
import { titleOf, useDefinition, useSessionOf } from '../editor/session.js';
import { useTexts } from '../i18n/useTexts.js';
import type { Definition } from '../api/types.js';
import { Segmented } from '../ui/Segmented.js';
import { NumberInput } from './NumberInput.js';

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
          <NumberInput
            id={`${id}-tries`}
            minimum={1}
            maximum={10}
            within
            readOnly={readOnly}
            value={attempts}
            onChange={(tries) => {
              if (tries === undefined) return;
              const kept = Math.round(tries);
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
          <NumberInput
            id={`${id}-wait`}
            minimum={0}
            maximum={3_600}
            within
            readOnly={readOnly}
            disabled={attempts < 2}
            value={(node.retry?.backoffMs ?? 1_000) / 1_000}
            onChange={(seconds) => {
              if (seconds === undefined) return;
              setNodeOption(doc, node.id, 'retry', { attempts, backoffMs: Math.round(seconds * 1_000) });
            }}
          />
        </div>
      </div>
      <div data-field="timeoutSeconds">
        <label htmlFor={`${id}-timeout`} className="mb-1 block text-xs text-ink-2">
          {t('editor.fails.timeout')}
        </label>
        <NumberInput
          id={`${id}-timeout`}
          maximum={86_400}
          within
          readOnly={readOnly}
          value={node.timeoutSeconds}
          placeholder={t('editor.fails.noTimeout')}
          onChange={(seconds) =>
            setNodeOption(doc, node.id, 'timeoutSeconds', seconds !== undefined && seconds > 0 ? seconds : undefined)
          }
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
