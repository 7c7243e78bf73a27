import { SendHorizontal } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { ConversationView, DepartmentView } from '../api/types.js';
import { useSession } from '../api/session.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Face } from '../ui/Face.js';
import { Piece } from '../ui/Piece.js';
import { Segmented } from '../ui/Segmented.js';
import { useNow } from '../ui/useNow.js';
import { windowLeft } from './ReplyWindow.js';

interface ComposerProps {
  readonly conversation: ConversationView;
  readonly department: DepartmentView | undefined;
  /** Counts how often somebody asked to write here. */
  readonly wanted: number;
  readonly changing: boolean;
  readonly onHandler: (who: 'team' | 'person') => void;
  readonly sending: boolean;
  /** Resolves once the server has taken it; what was typed stays when it fails. */
  readonly onSend: (text: string) => Promise<unknown>;
}

/** Who answers, and when it is you, where you write. */
export function Composer({ conversation, department, wanted, changing, onHandler, sending, onSend }: ComposerProps) {
  const { t } = useTexts();
  const user = useSession((state) => state.session?.user);
  const [text, setText] = useState('');
  const now = useNow(30_000);
  const mine = conversation.handler === 'person';
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (wanted > 0 && mine) box.current?.focus();
  }, [wanted, mine]);
  const outOfTime = conversation.channel.kind === 'whatsapp' && windowLeft(conversation.lastInboundAt, now) === 0;
  const ready = text.trim().length > 0 && !sending && !outOfTime;

  const send = (): void => {
    if (!ready) return;
    onSend(text.trim()).then(
      () => setText(''),
      () => undefined,
    );
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const finger = matchMedia('(pointer: coarse)').matches;
    if (event.key !== 'Enter' || event.shiftKey || finger || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <div className="mx-auto w-full max-w-[760px] flex-none px-3 pt-2 pb-[max(.75rem,env(safe-area-inset-bottom))] desk:px-6 desk:pb-5">
      <Segmented
        label={t('inbox.whoAnswers')}
        value={conversation.handler}
        disabled={changing}
        onChange={onHandler}
        options={[
          {
            value: 'team',
            label: (
              <>
                <Piece team={department?.type ?? ''} index={1} size={18} />
                {t('inbox.teamAnswers')}
              </>
            ),
          },
          {
            value: 'person',
            label: (
              <>
                <Face name={user?.name ?? ''} you size={20} />
                {t('inbox.iAnswer')}
              </>
            ),
          },
        ]}
      />
      {mine && (
        <form
          className="slides-in mt-2 rounded-lg bg-surface p-3 shadow-[0_0_0_1.5px_var(--color-sol-line)]"
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <textarea
            ref={box}
            aria-label={t('inbox.write')}
            placeholder={t('inbox.write')}
            value={text}
            maxLength={4096}
            rows={Math.min(6, Math.max(2, text.split('\n').length))}
            disabled={outOfTime}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={onKeyDown}
            className="block w-full resize-none rounded-sm bg-transparent px-1 text-lg placeholder:text-ink-3 focus-visible:outline-none desk:text-[14px] desk:leading-[20px]"
          />
          <div className="mt-2 flex items-center gap-3">
            <span className="hidden flex-1 text-xs text-ink-3 desk:block">{t('inbox.sendHint')}</span>
            <Button
              type="submit"
              variant="you"
              disabled={!ready && !sending}
              loading={sending}
              icon={<SendHorizontal size={18} aria-hidden="true" />}
              className="flex-1 desk:flex-none"
            >
              {t('inbox.send')}
            </Button>
          </div>
        </form>
      )}
    </div>
  );
}
