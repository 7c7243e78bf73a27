import { MapPin } from 'lucide-react';
import type { DepartmentView, MessageView } from '../api/types.js';
import { formatTime } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Bubble } from '../ui/Bubble.js';
import { EventLine } from '../ui/EventLine.js';
import { MediaView } from '../ui/MediaView.js';
import { Piece } from '../ui/Piece.js';
import { SourceChip } from '../ui/SourceChip.js';
import { placeOf } from './placeOf.js';
import { wordsOf } from './wordsOf.js';

/** A message as the house sees it: customers on the left, the team and people on the right, the system in between. */
export function MessageBubble({
  message,
  department,
  lateEdit = false,
  onAnswer,
}: {
  message: MessageView;
  department: DepartmentView | undefined;
  /** It was edited after it was answered, and nobody has said anything to it since. */
  lateEdit?: boolean;
  /** Of such a one, for whoever may answer: begins to. */
  onAnswer?: (() => void) | undefined;
}) {
  const { t, locale } = useTexts();
  const { author, text, kind, sources, buttons, status, createdAt, changed } = message;
  if (author === 'system' && kind === 'handoff') {
    return (
      <EventLine>
        <b>{t('inbox.handoff')}</b>: {/[.!?…]$/.test(text) ? text : `${text}.`} {t('inbox.handoffQuiet')}
      </EventLine>
    );
  }
  if (author === 'system') return <EventLine>{text}</EventLine>;

  const side = author === 'contact' ? 'them' : author === 'team' ? 'team' : 'you';
  const failed = status === 'failed' || status === 'uncertain';
  const words = wordsOf(message, t);
  const place = placeOf(message);
  return (
    <>
      <Bubble
        side={side}
        time={
          changed === 'edited'
            ? t('inbox.edited', { time: formatTime(locale, createdAt) })
            : formatTime(locale, createdAt)
        }
        {...(author !== 'contact' && { status })}
        {...(author === 'team' && {
          byline: (
            <>
              <Piece team={department?.type ?? ''} index={1} size={16} />
              {department?.name}
            </>
          ),
        })}
      >
        {message.media && <MediaView media={message.media} text={text} />}
        {message.media ? text : changed === 'deleted' ? <i className="text-ink-2">{words}</i> : words}
        {place && (
          <a
            href={place.map}
            target="_blank"
            rel="noopener noreferrer"
            className="flex min-h-11 items-center gap-1.5 font-semibold underline"
          >
            <MapPin size={16} aria-hidden="true" />
            {t('inbox.map')}
          </a>
        )}
        {sources.length > 0 && (
          <span className="block">
            {[...new Map(sources.map((source) => [source.title, source])).values()].map(({ title }) => (
              <SourceChip key={title} title={title} />
            ))}
          </span>
        )}
      </Bubble>
      {buttons.length > 0 && (
        <ul aria-label={t('inbox.choices')} className="-mt-0.5 grid w-[82%] max-w-[300px] gap-1 self-end">
          {buttons.map((button) => (
            <li
              key={button.id}
              className="hairline rounded-[11px] bg-surface p-1.5 text-center font-medium text-mar-text"
            >
              {button.title}
            </li>
          ))}
        </ul>
      )}
      {lateEdit && (
        <div className="flex max-w-[82%] flex-wrap items-center gap-x-3 gap-y-1.5 self-start text-xs text-sol-text">
          <p>{t('inbox.lateEdit')}</p>
          {onAnswer && (
            <Button size="sm" onClick={onAnswer}>
              {t('inbox.answerAgain')}
            </Button>
          )}
        </div>
      )}
      {failed && (
        <p className={status === 'failed' ? 'self-end text-xs text-danger' : 'self-end text-xs text-sol-text'}>
          {t(status === 'failed' ? 'inbox.failed' : 'inbox.uncertain')}
        </p>
      )}
    </>
  );
}
