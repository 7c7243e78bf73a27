import { CircleAlert, RotateCw } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import type { MessageView } from '../api/types.js';
import { formatDuration, formatTime } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { Bubble } from '../ui/Bubble.js';
import { classes } from '../ui/classes.js';
import { EventLine } from '../ui/EventLine.js';
import { LeafTrio } from '../ui/LeafTrio.js';
import { MediaView } from '../ui/MediaView.js';
import type { PendingMessage } from './useSimulation.js';

interface ThreadProps {
  readonly messages: readonly MessageView[];
  readonly pending: readonly PendingMessage[];
  readonly busy: boolean;
  /** What is being written right now, before it is sent. */
  readonly writing: string;
  readonly firstWordMs: number | null;
  readonly latestId: string | null;
  readonly failed: boolean;
  readonly chosenRunId: string | null;
  readonly onChooseRun: (runId: string) => void;
  readonly onSay: (text: string, buttonId?: string) => void;
  readonly onAgain: (message: PendingMessage) => void;
}

/** The conversation as the customer's phone shows it; an answer leads to how it came about. */
export function Thread(props: ThreadProps) {
  const { messages, pending, busy, writing, firstWordMs, latestId, failed, chosenRunId, onChooseRun, onSay, onAgain } =
    props;
  const { t, locale } = useTexts();
  const last = messages.at(-1);
  // What was written is a message now: it need not stand there twice. It may also have been said in other words.
  const sent = messages.some(
    (each) =>
      each.runId === latestId && each.direction === 'out' && (!busy || each.text.startsWith(writing.slice(0, 24))),
  );
  const unsent = writing !== '' && !sent && !failed;
  return (
    <>
      <EventLine>{t('simulator.nothingLeaves')}</EventLine>
      {messages.length + pending.length === 0 && (
        <p className="px-6 py-8 text-center text-ink-2">{t('simulator.welcome')}</p>
      )}
      {messages.map((message) => (
        <Fragment key={message.id}>
          {message.author === 'system' ? (
            <EventLine>{message.text}</EventLine>
          ) : (
            <Message
              message={message}
              chosen={message.runId !== null && message.runId === chosenRunId}
              onChoose={onChooseRun}
            />
          )}
          {message === last && pending.length === 0 && <Replies message={message} onSay={onSay} />}
        </Fragment>
      ))}
      {pending.map((message) => (
        <Fragment key={message.key}>
          <Bubble side="out" status={message.failed ? 'failed' : 'queued'}>
            {message.text}
          </Bubble>
          {message.failed && (
            <button
              type="button"
              onClick={() => onAgain(message)}
              className="press flex min-h-11 items-center gap-1.5 self-end desk:min-h-9 text-xs font-semibold text-danger"
            >
              <RotateCw size={13} aria-hidden="true" />
              {t('simulator.notSent')}
            </button>
          )}
        </Fragment>
      ))}
      {unsent && (
        // Read aloud once it is sent, not word by word.
        <div aria-hidden="true" className="flex flex-col">
          <Bubble side="team" align="left">
            {writing}
            <span className="writing-caret" />
          </Bubble>
        </div>
      )}
      {failed && latestId && !sent && (
        <button
          type="button"
          onClick={() => onChooseRun(latestId)}
          className="press flex min-h-11 items-center gap-2 self-start rounded-[12px] bg-danger-soft px-3 py-1.5 text-left text-sm font-medium text-danger desk:min-h-9"
        >
          <CircleAlert size={16} className="flex-none" aria-hidden="true" />
          {t('simulator.failedRun')}
        </button>
      )}
      {busy && (
        <>
          <div className="flex h-5 items-center gap-2 pl-1 text-2xs text-ink-3">
            <span className="text-mar-text">
              <LeafTrio size={13} />
            </span>
            {firstWordMs !== null && t('simulator.firstWord', { time: formatDuration(locale, firstWordMs) })}
          </div>
        </>
      )}
    </>
  );
}

function Message({
  message,
  chosen,
  onChoose,
}: {
  message: MessageView;
  chosen: boolean;
  onChoose: (runId: string) => void;
}) {
  const { locale } = useTexts();
  const { runId } = message;
  const time = formatTime(locale, message.createdAt);
  if (message.direction === 'in') {
    return (
      <Bubble side="out" time={time} status="read">
        {message.text}
      </Bubble>
    );
  }
  const bubble: ReactNode = (
    <Bubble side={message.author === 'person' ? 'you' : 'team'} align="left" time={time}>
      {message.media && <MediaView media={message.media} text={message.text} still={runId !== null} />}
      {message.text}
    </Bubble>
  );
  if (!runId) return bubble;
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={() => onChoose(runId)}
      className={classes(
        'flex w-full flex-col rounded-[16px] text-left',
        chosen && '[&>div]:shadow-[0_0_0_2px_var(--color-mar)]',
      )}
    >
      {bubble}
    </button>
  );
}

/** Buttons and rows that the customer may tap. */
function Replies({ message, onSay }: { message: MessageView; onSay: (text: string, buttonId?: string) => void }) {
  const rows = listRows(message.list);
  if (message.direction === 'in' || message.buttons.length + rows.length === 0) return null;
  return (
    <div className="flex w-[82%] flex-col gap-1 self-start">
      {[...message.buttons, ...rows].map((choice) => (
        <button
          key={choice.id}
          type="button"
          onClick={() => onSay(choice.title, choice.id)}
          className="press min-h-11 rounded-[12px] bg-surface px-3 font-semibold text-mar-text ring-1 ring-line hover:bg-mar-soft desk:min-h-9"
        >
          {choice.title}
        </button>
      ))}
    </div>
  );
}

function listRows(list: MessageView['list']): { id: string; title: string }[] {
  if (typeof list !== 'object' || list === null || Array.isArray(list) || !Array.isArray(list['sections'])) return [];
  return list['sections'].flatMap((section) => {
    const rows = typeof section === 'object' && section !== null && !Array.isArray(section) ? section['rows'] : null;
    if (!Array.isArray(rows)) return [];
    return rows.flatMap((row) =>
      typeof row === 'object' && row !== null && !Array.isArray(row)
        ? [{ id: String(row['id']), title: String(row['title']) }]
        : [],
    );
  });
}
