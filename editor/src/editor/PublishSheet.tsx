import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { api } from '../api/api.js';
import { ApiError } from '../api/apiError.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import { useTexts } from '../i18n/useTexts.js';
import { ProblemsTable } from '../problems/ProblemsTable.js';
import { Button } from '../ui/Button.js';
import { Notice } from '../ui/Notice.js';
import { Sheet } from '../ui/Sheet.js';
import { toast } from '../ui/Toast.js';
import { levelOfNode } from '../canvas/levels.js';
import { DiffList } from './DiffList.js';
import { useConnection, useDefinition, useSessionOf, useUi } from './session.js';
import { show } from './uiState.js';
import type { DraftState } from './useDraftState.js';

/** What is about to go live, said before it does. While something is wrong it says what and where instead. */
export function PublishSheet({ draft }: { draft: DraftState }) {
  const { t, locale } = useTexts();
  const cache = useQueryClient();
  const { ui, department, types } = useSessionOf();
  const definition = useDefinition();
  const { saved } = useConnection();
  const errors = useUi((state) => state.problems).filter(({ severity }) => severity === 'error').length;
  const id = useId();
  const [note, setNote] = useState('');
  const changes = useQuery({
    queryKey: keys.draftChanges(department.id),
    queryFn: () => api.draftChanges(department.id),
    gcTime: 0,
  });
  const names = (changes.data?.authors ?? []).flatMap(({ name }) => name ?? []);
  const close = (): void => ui.setState({ dialog: null });
  const publish = useMutation({
    mutationFn: () => api.publish(department.id, note.trim() === '' ? {} : { note: note.trim() }),
    onSuccess: ({ version }) => {
      toast(t('editor.publish.done', { version }));
      void cache.invalidateQueries({ queryKey: keys.departments });
      close();
    },
  });
  const before = department.published?.definition ?? { ...definition, nodes: [], edges: [] };
  const refused =
    publish.error instanceof ApiError && publish.error.problems.length > 0 ? publish.error.problems : null;
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && close()}
      title={t('editor.publish.title', { version: draft.next })}
      description={
        errors > 0
          ? t('editor.dock.blocks', { count: errors })
          : t(department.published ? 'editor.publish.lead' : 'editor.publish.first')
      }
      actions={
        <>
          <Button wide onClick={close}>
            {t('editor.publish.cancel')}
          </Button>
          {errors === 0 && (
            <Button
              variant="you"
              wide
              loading={publish.isPending}
              disabled={draft.state === 'equal' || !saved}
              onClick={() => publish.mutate()}
            >
              {t('editor.bar.publish', { version: draft.next })}
            </Button>
          )}
        </>
      }
    >
      {publish.error && !refused && <Notice tone="danger">{explain(publish.error, t)}</Notice>}
      {refused && (
        <Notice tone="danger">
          {t('editor.publish.refused')}
          <ul className="list-disc pl-4">
            {refused.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Notice>
      )}
      {errors > 0 ? (
        <ProblemsTable />
      ) : (
        <div className="space-y-4 pt-2">
          <div>
            <label htmlFor={`${id}-note`} className="mb-1 block text-xs font-semibold">
              {t('editor.publish.note')}
            </label>
            <textarea
              id={`${id}-note`}
              rows={2}
              maxLength={500}
              className="field-input"
              placeholder={t('editor.publish.notePlaceholder')}
              value={note}
              onChange={({ target }) => setNote(target.value)}
            />
          </div>
          <h3 className="font-sans text-xs font-semibold">{t('editor.publish.changes')}</h3>
          {draft.diff ? (
            <DiffList
              diff={draft.diff}
              before={before}
              after={definition}
              types={types}
              onShow={(nodeId) => {
                close();
                if (definition.nodes.some((node) => node.id === nodeId))
                  show(ui, [nodeId], levelOfNode(definition, types, nodeId));
              }}
            />
          ) : (
            <p className="text-ink-2">{t('editor.publish.everything', { count: definition.nodes.length })}</p>
          )}
          {names.length > 0 && (
            <p className="text-xs text-ink-2">
              {t('editor.publish.whose', { names: new Intl.ListFormat(locale).format(names) })}
            </p>
          )}
          <p className="text-xs text-ink-3">{t('editor.publish.inFlight')}</p>
        </div>
      )}
    </Sheet>
  );
}
