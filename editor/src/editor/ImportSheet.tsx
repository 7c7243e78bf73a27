import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { Problem } from '#engine/graph/definition.js';
import { diff } from '#engine/graph/diff.js';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import type { Definition } from '../api/types.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Notice } from '../ui/Notice.js';
import { Sheet } from '../ui/Sheet.js';
import { toast } from '../ui/Toast.js';
import { DiffList } from './DiffList.js';
import { readDepartment, type FileRefusal } from './files.js';
import { useDefinition, useSessionOf } from './session.js';
import { show } from './uiState.js';

/** Something of another organization, which a file names and this one has not. */
const isLost = ({ code }: Problem): boolean =>
  ['connection.unknown', 'knowledge.unknown', 'model.unknown'].includes(code);

/** A department out of a file, in the place of the draft: seen as a diff before it is taken. */
export function ImportSheet() {
  const id = useId();
  const { t } = useTexts();
  const { ui, department, types, checker } = useSessionOf();
  const draft = useDefinition();
  const [found, setFound] = useState<Definition | FileRefusal | null>(null);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const lost = problems.filter(isLost);
  const wrong = problems.filter((problem) => problem.severity === 'error' && !isLost(problem));
  const refused = typeof found === 'string' ? found : null;
  const offered = typeof found === 'string' ? null : found;
  const close = (): void => ui.setState({ dialog: null });
  const look = async (text: string | undefined): Promise<void> => {
    const read = text === undefined ? null : readDepartment(text);
    setFound(read);
    setProblems(read === null || typeof read === 'string' ? [] : await checker.ask('judge', { definition: read }));
  };
  const replace = useMutation({
    mutationFn: (definition: Definition) => api.replaceDraft(department.id, definition),
    onSuccess: () => {
      toast(t('editor.import.done'));
      close();
      show(ui, [], null);
    },
  });
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && close()}
      title={t('editor.command.importFile')}
      description={t('editor.import.lead')}
      actions={
        offered ? (
          <Button variant="you" wide loading={replace.isPending} onClick={() => replace.mutate(offered)}>
            {t('editor.import.take')}
          </Button>
        ) : undefined
      }
    >
      <label htmlFor={id} className="mt-2 mb-1 block text-xs font-semibold">
        {t('editor.import.file')}
      </label>
      <input
        id={id}
        type="file"
        accept="application/json,.json"
        className="field-input file:mr-3 file:rounded-sm file:border-0 file:bg-sunken file:px-2 file:py-1 file:font-semibold"
        onChange={async ({ target }) => {
          await look(await target.files?.[0]?.text());
        }}
      />
      <div className="pt-4">
        {replace.error && <Notice tone="danger">{explain(replace.error, t)}</Notice>}
        {refused && <Notice tone="danger">{t(`editor.import.${refused}`)}</Notice>}
        {lost.length > 0 && (
          <Notice>
            <p className="font-semibold text-ink">{t('pickers.importLost.title')}</p>
            <p>{t('pickers.importLost.text')}</p>
            <ul className="mt-1.5 list-disc pl-4">
              {lost.map(({ nodeId, path, message }) => (
                <li key={`${nodeId} ${path}`}>{message}</li>
              ))}
            </ul>
          </Notice>
        )}
        {wrong.length > 0 && (
          <Notice>
            <p className="font-semibold text-ink">{t('editor.import.toMend', { count: wrong.length })}</p>
            <ul className="mt-1.5 list-disc pl-4">
              {wrong.slice(0, 5).map(({ nodeId, edgeId, path, message }) => (
                <li key={`${nodeId} ${edgeId} ${path} ${message}`}>{message}</li>
              ))}
            </ul>
          </Notice>
        )}
        {offered && <DiffList diff={diff(draft, offered)} before={draft} after={offered} types={types} />}
      </div>
    </Sheet>
  );
}
