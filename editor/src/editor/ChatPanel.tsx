import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import { useOrganization } from '../app/useOrganization.js';
import { useTexts } from '../i18n/useTexts.js';
import { useLiveRuns } from '../runs/useLiveRuns.js';
import { Conversation } from '../simulator/Conversation.js';
import { useSimulation } from '../simulator/useSimulation.js';
import { newVisit, readVisit, writeVisit, type Visit } from '../simulator/visit.js';
import { Notice } from '../ui/Notice.js';
import { useSessionOf } from './session.js';

/** A customer's phone beside the drawing: the version that is live answers, and its steps light up. */
export function ChatPanel() {
  const { t } = useTexts();
  const { department, ui } = useSessionOf();
  const { name } = useOrganization();
  const [visit, setVisit] = useState(() => readVisit(department.id));
  const visitAs = (change: (visit: Visit) => Visit): void =>
    setVisit((before) => {
      const after = change(before);
      writeVisit(department.id, after);
      return after;
    });
  const channel = useQuery({
    queryKey: [...keys.channels, 'simulator', department.id],
    queryFn: () => api.openSimulator(department.id),
    enabled: department.published !== null,
  });
  const from = `${visit.persona}-${visit.round}`;
  const simulation = useSimulation({
    channelId: channel.data?.id ?? null,
    persona: visit.persona,
    from,
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
    <section aria-label={t('editor.chat.label')} className="flex h-full min-h-0 flex-col px-4 pt-3 pb-4">
      <header className="flex items-center gap-2 pb-1">
        <h2 className="min-w-0 flex-1 truncate text-lg">{t('editor.chat.label')}</h2>
        <button
          type="button"
          className="min-h-8 px-1 text-xs text-ink-2 underline"
          onClick={() => visitAs(({ persona }) => newVisit(persona))}
        >
          {t('simulator.restart')}
        </button>
        <button
          type="button"
          aria-label={t('common.close')}
          className="inspector-action press"
          onClick={() => ui.setState({ side: 'step' })}
        >
          <X size={17} aria-hidden="true" />
        </button>
      </header>
      {department.published ? (
        <>
          <p className="pb-2 text-xs text-ink-2">{t('editor.chat.live', { version: department.published.version })}</p>
          {channel.error && <Notice tone="danger">{explain(channel.error, t)}</Notice>}
          <Conversation
            business={name}
            simulation={simulation}
            ready={channel.data !== undefined}
            live={live}
            persona={visit.persona}
            onPersona={(persona) => visitAs((before) => ({ ...before, persona }))}
            chosenRunId={null}
            onChooseRun={(runId) => ui.setState({ runId })}
          />
        </>
      ) : (
        <p className="py-4 text-ink-2">{t('editor.chat.notLive')}</p>
      )}
    </section>
  );
}
