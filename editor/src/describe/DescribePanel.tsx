import { useMutation } from '@tanstack/react-query';
import { WandSparkles, X } from 'lucide-react';
import { useId, useState } from 'react';
import { diff } from '#engine/graph/diff.js';
import { writeDefinition } from '#engine/graph/document/write.js';
import { api } from '../api/api.js';
import { ApiError } from '../api/apiError.js';
import { explain } from '../api/explain.js';
import { useOrganization } from '../app/useOrganization.js';
import { levelOfNode } from '../canvas/levels.js';
import { LocalEdit } from '../document/localEdit.js';
import { DiffList } from '../editor/DiffList.js';
import { titleOf, useDefinition, useSessionOf, useUi } from '../editor/session.js';
import { show } from '../editor/uiState.js';
import { whenSaved } from '../editor/whenSaved.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Notice } from '../ui/Notice.js';
import { toast } from '../ui/Toast.js';
import { useProposal } from './useProposal.js';

/** Says in words what should change, and takes or leaves what is proposed. Nothing changes before it is taken; taken, it is one step to undo. */
export function DescribePanel({ onClose, bare = false }: { onClose?: () => void; bare?: boolean }) {
  const { t } = useTexts();
  const { department, ui, connection } = useSessionOf();
  const { sandbox } = useOrganization();
  const proposal = useUi((state) => state.proposal);
  const id = useId();
  const [text, setText] = useState('');
  const ask = useMutation({
    mutationFn: async () => {
      await whenSaved(connection);
      return api.propose(department.id, text.trim());
    },
    onMutate: () => ui.setState({ proposal: null }),
    onSuccess: (made) => ui.setState({ proposal: made }),
  });
  const asking = ask.isPending;
  const submit = (): void => {
    if (text.trim() !== '' && !asking) ask.mutate();
  };
  return (
    <section aria-label={t('describe.title')} className="flex h-full min-h-0 flex-col" data-describe="">
      <header className={bare ? 'hidden' : 'flex items-center gap-2 px-3.5 pt-3.5 pb-2'}>
        <h2 className="min-w-0 flex-1 truncate text-lg">{t('describe.title')}</h2>
        {onClose && (
          <button type="button" aria-label={t('common.close')} className="inspector-action press" onClick={onClose}>
            <X size={17} aria-hidden="true" />
          </button>
        )}
      </header>
      <div className="flex-none border-b border-line px-3.5 pb-3">
        <label htmlFor={id} className="mb-1 block text-xs text-ink-2">
          {t('describe.lead')}
        </label>
        <textarea
          id={id}
          rows={3}
          maxLength={2_000}
          autoFocus
          className="field-input"
          placeholder={t('describe.placeholder')}
          value={text}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            event.stopPropagation();
            submit();
          }}
        />
        <div className="mt-2 flex justify-end">
          <Button
            size="sm"
            icon={<WandSparkles size={14} aria-hidden="true" />}
            loading={asking}
            disabled={text.trim() === ''}
            onClick={submit}
          >
            {t('describe.ask')}
          </Button>
        </div>
        {sandbox && <p className="mt-2 text-xs text-ink-2">{t('describe.sandbox')}</p>}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-3.5 py-3" aria-live="polite" aria-busy={asking}>
        {ask.error && !asking && <Refusal error={ask.error} />}
        {proposal && !asking && <Proposal onAgain={submit} />}
      </div>
    </section>
  );
}

function Refusal({ error }: { error: Error }) {
  const { t } = useTexts();
  const reasons = error instanceof ApiError ? error.details : [];
  const own = error instanceof ApiError && reasons.length > 0 && error.code !== 'bad_input';
  return (
    <Notice tone="danger">
      <p className="font-semibold">{own ? error.message : explain(error, t)}</p>
      {own && (
        <ul className="mt-1 list-disc space-y-1 pl-4">
          {reasons.map(({ message }) => (
            <li key={message}>{message}</li>
          ))}
        </ul>
      )}
    </Notice>
  );
}

/** What would change, and the two ways to go on. */
function Proposal({ onAgain }: { onAgain: () => void }) {
  const { t } = useTexts();
  const session = useSessionOf();
  const { ui, doc, history, types } = session;
  const draft = useDefinition();
  const found = useProposal();
  if (!found) return null;
  const { proposal, definition, conflicts, broken, checking } = found;
  const leave = (): void => ui.setState({ proposal: null });
  if (!definition || broken.length > 0)
    return (
      <div className="space-y-3">
        <Notice tone="danger">
          <p className="font-semibold">{t('describe.stale')}</p>
          <ul className="mt-1 list-disc space-y-1 pl-4">
            {conflicts.map(({ kind, nodeId }) => {
              const node = [...draft.nodes, ...proposal.base.nodes].find((each) => each.id === nodeId);
              return (
                <li key={`${kind} ${nodeId}`}>
                  {t(`describe.conflict.${kind}`, { step: node ? titleOf(session, node) : nodeId })}
                </li>
              );
            })}
            {broken.map(({ message }) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        </Notice>
        <div className="flex gap-2">
          <Button wide onClick={leave}>
            {t('describe.refuse')}
          </Button>
          <Button wide variant="you" onClick={onAgain}>
            {t('describe.again')}
          </Button>
        </div>
      </div>
    );
  const changes = diff(draft, definition);
  const take = (): void => {
    history.begin();
    writeDefinition(doc, definition, new LocalEdit());
    history.end();
    const added = changes.nodes.added.map((node) => node.id);
    ui.setState({ proposal: null, side: 'step' });
    const [first] = added;
    if (first !== undefined) show(ui, added, levelOfNode(definition, types, first));
    toast(t('describe.taken'), { action: { label: t('editor.command.undo'), run: () => void history.undo() } });
  };
  return (
    <div className="space-y-3">
      <p className="text-base">{proposal.summary}</p>
      <div className="flex gap-2">
        <Button wide onClick={leave}>
          {t('describe.refuse')}
        </Button>
        <Button wide variant="you" loading={checking} onClick={take}>
          {t('describe.accept')}
        </Button>
      </div>
      <DiffList
        diff={changes}
        before={draft}
        after={definition}
        types={types}
        onShow={(nodeId) => ui.setState({ proposalAt: nodeId })}
      />
      {proposal.problems.length > 0 && (
        <div className="rounded-md bg-sunken px-3 py-2 text-sm">
          <p className="font-semibold">{t('describe.toFill')}</p>
          <ul className="mt-1 list-disc pl-4">
            {proposal.problems.map(({ message }) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
