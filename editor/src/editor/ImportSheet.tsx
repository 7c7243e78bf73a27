import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { limits, type Problem } from '#engine/graph/definition.js';
import { diff } from '#engine/graph/diff.js';
import { writeDefinition } from '#engine/graph/document/write.js';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import type { Definition, PublicNode } from '../api/types.js';
import { LocalEdit } from '../document/localEdit.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { FileField } from '../ui/FileField.js';
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

/** A file with more bytes than a letter ever takes is too big before it is read. */
const BYTES_A_LETTER = 4;

/**
 * Whether a department goes into the draft as an edit of this person, which they can undo. What is larger than one edit may be, and steps of an
 * older version of their kind, go through the server, which brings them up to date.
 */
const fitsAnEdit = ({ nodes }: Definition, types: ReadonlyMap<string, PublicNode>): boolean =>
  nodes.length <= 300 && nodes.every(({ type, version }) => version === (types.get(type)?.version ?? version));

/** A department out of a file, in the place of the draft: seen as a diff before it is taken. */
export function ImportSheet() {
  const { t } = useTexts();
  const { ui, doc, history, department, types, checker } = useSessionOf();
  const draft = useDefinition();
  const [found, setFound] = useState<Definition | FileRefusal | null>(null);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const lost = problems.filter(isLost);
  const wrong = problems.filter((problem) => problem.severity === 'error' && !isLost(problem));
  const refused = typeof found === 'string' ? found : null;
  const offered = typeof found === 'string' ? null : found;
  const close = (): void => ui.setState({ dialog: null });
  // Of two files that were chosen one after the other, the later counts, however long the first takes to read.
  const latest = useRef<File | null>(null);
  const look = async (file: File | null): Promise<void> => {
    latest.current = file;
    const read =
      file === null ? null : file.size > limits.bytes * BYTES_A_LETTER ? 'tooBig' : readDepartment(await file.text());
    const wrongInIt = read === null || typeof read === 'string' ? [] : await checker.ask('judge', { definition: read });
    if (latest.current !== file) return;
    setFound(read);
    setProblems(wrongInIt);
  };
  const done = (undo?: () => void): void => {
    toast(t('editor.import.done'), undo ? { action: { label: t('editor.command.undo'), run: undo } } : {});
    close();
    show(ui, [], null);
  };
  const replace = useMutation({
    mutationFn: (definition: Definition) => api.replaceDraft(department.id, definition),
    onSuccess: () => done(),
  });
  const take = (definition: Definition): void => {
    if (!fitsAnEdit(definition, types)) return replace.mutate(definition);
    history.begin();
    writeDefinition(doc, definition, new LocalEdit());
    history.end();
    done(() => void history.undo());
  };
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && close()}
      title={t('editor.command.importFile')}
      description={t('editor.import.lead')}
      actions={
        offered ? (
          <Button variant="you" wide loading={replace.isPending} onClick={() => take(offered)}>
            {t('editor.import.take')}
          </Button>
        ) : undefined
      }
    >
      <FileField
        label={t('editor.import.file')}
        choose={t('editor.import.choose')}
        accept="application/json,.json"
        onFile={(file) => void look(file)}
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
