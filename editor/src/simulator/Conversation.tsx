import { Link } from '@tanstack/react-router';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';
import { EventLine } from '../ui/EventLine.js';
import { personas, type Persona } from './personas.js';
import { Phone } from './Phone.js';
import { Thread } from './Thread.js';
import type { useLiveRuns } from '../runs/useLiveRuns.js';
import type { useSimulation } from './useSimulation.js';

/** Who one is, the phone in her hand, and lines to start with. */
export function Conversation(props: {
  readonly business: string;
  readonly simulation: ReturnType<typeof useSimulation>;
  readonly live: ReturnType<typeof useLiveRuns>;
  readonly persona: Persona;
  readonly onPersona: (persona: Persona) => void;
  readonly chosenRunId: string | null;
  readonly onChooseRun: (runId: string) => void;
}) {
  const { business, simulation, live, persona, onPersona, chosenRunId, onChooseRun } = props;
  const { t } = useTexts();
  const { messages, pending, handler } = simulation;
  const lines = t(`simulator.lines.${persona}`, { returnObjects: true });
  const asked = new Set(messages.map((message) => message.text));
  const left = lines.filter((line) => !asked.has(line));
  return (
    <>
      <div
        role="radiogroup"
        aria-label={t('simulator.youAre')}
        className="flex flex-none items-center gap-1.5 overflow-x-auto px-3 pt-1 pb-2 desk:px-0.5 desk:pb-3"
      >
        <span className="flex-none text-xs text-ink-2">{t('simulator.youAre')}</span>
        {personas.map((each) => (
          <button
            key={each}
            type="button"
            role="radio"
            aria-checked={each === persona}
            onClick={() => onPersona(each)}
            className={classes(
              'press h-11 flex-none rounded-[10px] px-3 text-xs font-medium whitespace-nowrap desk:h-7 desk:rounded-[8px] desk:px-2.5',
              each === persona
                ? 'bg-surface text-ink ring-1 ring-line-strong'
                : 'bg-idle-soft text-ink-2 hover:text-ink',
            )}
          >
            {t(`simulator.personas.${each}`)}
          </button>
        ))}
      </div>
      <Phone
        business={business}
        busy={live.busy}
        onSay={(text) => simulation.say(text)}
        bottom={`${messages.length} ${pending.length} ${live.busy} ${live.writing.length} ${handler}`}
      >
        <Thread
          messages={messages}
          pending={pending}
          busy={live.busy}
          writing={live.writing}
          firstWordMs={live.firstWordMs}
          latestId={live.latestId}
          failed={live.failed}
          chosenRunId={chosenRunId}
          onChooseRun={onChooseRun}
          onSay={simulation.say}
          onAgain={simulation.again}
        />
        {handler === 'person' && !live.busy && (
          <>
            <EventLine>{t('simulator.person')}</EventLine>
            <div className="flex justify-center gap-4 text-xs font-semibold text-ink-2">
              <button
                type="button"
                className="min-h-11 underline desk:min-h-9"
                onClick={() => void simulation.giveBack()}
              >
                {t('simulator.giveBack')}
              </button>
              {simulation.conversationId && (
                <Link
                  to="/conversations/$conversationId"
                  params={{ conversationId: simulation.conversationId }}
                  className="inline-flex min-h-11 items-center underline desk:min-h-9"
                >
                  {t('simulator.openThread')}
                </Link>
              )}
            </div>
          </>
        )}
        {handler === 'team' && !live.busy && pending.length === 0 && left.length > 0 && messages.length === 0 && (
          <ul aria-label={t('simulator.linesLabel')} className="flex flex-col items-end gap-1.5">
            {left.map((line) => (
              <li key={line}>
                <button
                  type="button"
                  onClick={() => simulation.say(line)}
                  className="press min-h-11 rounded-[16px] border border-dashed border-line-strong px-3.5 py-1.5 text-left text-ink-2 hover:bg-surface desk:min-h-9"
                >
                  {line}
                </button>
              </li>
            ))}
          </ul>
        )}
      </Phone>
    </>
  );
}
