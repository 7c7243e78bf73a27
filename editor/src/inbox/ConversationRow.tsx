import { Link } from '@tanstack/react-router';
import type { ConversationView } from '../api/types.js';
import { isYourTurn } from '../app/departmentState.js';
import { formatAgo } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { Chip } from '../ui/Chip.js';
import { classes } from '../ui/classes.js';
import { Face } from '../ui/Face.js';
import { wordsOf } from './wordsOf.js';

/** One conversation of the list: who, the last words, how long ago, whose turn. */
export function ConversationRow({ conversation }: { conversation: ConversationView }) {
  const { t, locale } = useTexts();
  const { id, contact, channel, lastMessage, lastMessageAt, status } = conversation;
  const yours = isYourTurn(conversation);
  const name = contact.name ?? t('inbox.noName');
  const words = lastMessage
    ? `${lastMessage.author === 'person' ? `${t('common.you')}: ` : ''}${wordsOf(lastMessage, t).replace(/\s+/g, ' ')}`
    : t(`inbox.channel.${channel.kind}`);
  return (
    <li>
      <Link
        to="/conversations/$conversationId"
        params={{ conversationId: id }}
        className="flex min-h-[62px] items-center gap-3 px-3 py-2 -outline-offset-2 hover:bg-sunken desk:rounded-[12px] desk:px-2.5 data-[status=active]:desk:bg-surface data-[status=active]:desk:shadow-[0_0_0_1px_var(--color-line)]"
      >
        <Face name={name} id={contact.id} size={40} />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <span className={classes('min-w-0 flex-1 truncate', yours ? 'font-bold' : 'font-semibold')}>{name}</span>
            {lastMessageAt && (
              <time dateTime={lastMessageAt} className="flex-none text-xs text-ink-3">
                {formatAgo(locale, lastMessageAt)}
              </time>
            )}
          </span>
          <span className="mt-0.5 flex items-center gap-2">
            <span className={classes('min-w-0 flex-1 truncate text-sm', yours ? 'text-ink' : 'text-ink-2')}>
              {words}
            </span>
            {yours && <Chip tone="you">{t('inbox.yourTurn')}</Chip>}
            {!yours && status === 'closed' && <Chip>{t('inbox.closed')}</Chip>}
            {!yours && status === 'open' && channel.kind === 'simulator' && (
              <Chip tone="box">{t('inbox.channel.simulator')}</Chip>
            )}
          </span>
        </span>
      </Link>
    </li>
  );
}
