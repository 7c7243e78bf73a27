import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { explain } from '../api/explain.js';
import { useOrganization } from '../app/useOrganization.js';
import { useTexts } from '../i18n/useTexts.js';
import { useLiveRuns } from '../runs/useLiveRuns.js';
import { Conversation } from '../simulator/Conversation.js';
import { simulatorChannel } from '../simulator/simulatorChannel.js';
import { useSimulation } from '../simulator/useSimulation.js';
import { newVisit, useVisit } from '../simulator/visit.js';
import { Notice } from '../ui/Notice.js';
import { Segmented } from '../ui/Segmented.js';
import { useSessionOf, useUi } from './session.js';
import { whenSaved } from './whenSaved.js';

/** A customer's phone beside the drawing: the draft answers as it stands, or what is live, and the steps light up. */
export function ChatPanel({ onClose }: { onClose?: () => void }) {
  const { t } = useTexts();
  const { department, ui } = useSessionOf();
  const [who, setWho] = useState<'draft' | 'live'>('draft');
  return (
    <section aria-label={t('editor.chat.label')} className="flex h-full min-h-0 flex-col px-4 pt-3 pb-4">
      <header className="flex items-center gap-2 pb-2">
        <h2 className="min-w-0 flex-1 truncate text-lg">{t('editor.chat.label')}</h2>
        {onClose && (
          <button type="button" aria-label={t('common.close')} className="inspector-action press" onClick={onClose}>
            <X size={17} aria-hidden="true" />
          </button>
        )}
      </header>
      {department.published && (
        <div className="flex-none pb-2">
          <Segmented
            label={t('inPlace.chat.who')}
            value={who}
            onChange={(next) => {
              setWho(next);
              ui.setState({ runId: null });
            }}
            options={[
              { value: 'draft', label: t('inPlace.chat.draft') },
              { value: 'live', label: t('editor.bar.live', { version: department.published.version }) },
            ]}
          />
        </div>
      )}
      <Chat key={who} who={who} />
    </section>
  );
}

function Chat({ who }: { who: 'draft' | 'live' }) {
  const { t } = useTexts();
  const { department, ui, connection } = useSessionOf();
  const { name } = useOrganization();
  const room = who === 'draft' ? `${department.id}:draft` : department.id;
  const [visit, visitAs] = useVisit(room);
  const channel = useQuery(simulatorChannel(department.id, who));
  const errors = useUi((state) => state.problems.filter(({ severity }) => severity === 'error').length);
  const from = `${visit.persona}-${visit.round}`;
  const simulation = useSimulation({
    channel: simulatorChannel(department.id, who),
    persona: visit.persona,
    from,
    before: () => whenSaved(connection),
    conversationId: visit.conversations[from] ?? null,
    onConversation: (id) =>
      visitAs((before) => ({ ...before, conversations: { ...before.conversations, [from]: id } })),
  });
  const live = useLiveRuns(simulation.conversationId, null);
  const { latestId } = live;
  // What answers now is what the drawing shows.
  useEffect(() => {
    if (latestId) ui.setState({ runId: latestId });
  }, [ui, latestId]);
  return (
    <>
      <p className="flex items-start gap-2 pb-2 text-xs text-ink-2">
        <span className="min-w-0 flex-1">
          {who === 'draft'
            ? errors > 0
              ? t('inPlace.chat.broken', { count: errors })
              : t('inPlace.chat.draftText')
            : t('inPlace.chat.liveText')}
        </span>
        <button
          type="button"
          className="min-h-6 flex-none px-1 underline"
          onClick={() => {
            visitAs(({ persona }) => newVisit(persona));
            ui.setState({ runId: null });
          }}
        >
          {t('simulator.restart')}
        </button>
      </p>
      {channel.error && <Notice tone="danger">{explain(channel.error, t)}</Notice>}
      <Conversation
        business={name}
        simulation={simulation}
        live={live}
        persona={visit.persona}
        onPersona={(persona) => visitAs((before) => ({ ...before, persona }))}
        chosenRunId={null}
        onChooseRun={(runId) => ui.setState({ runId })}
      />
    </>
  );
}
