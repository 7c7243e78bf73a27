import { ChevronLeft, SendHorizontal } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Face } from '../ui/Face.js';

/** The customer's phone: a device on a desktop, the whole screen on a phone. */
export function Phone(props: {
  readonly business: string;
  readonly busy: boolean;
  readonly onSay: (text: string) => void;
  readonly children: ReactNode;
  /** Changes when something new is at the bottom. */
  readonly bottom: string;
}) {
  const { business, busy, onSay, children, bottom } = props;
  const { t } = useTranslation();
  return (
    <section
      aria-label={t('simulator.chat')}
      className="flex min-h-0 flex-1 flex-col overflow-hidden bg-wall desk:rounded-[38px] desk:border-[7px] desk:border-ink desk:text-base desk:shadow-2 dark:desk:border-line-strong"
    >
      <header className="flex flex-none items-center gap-2.5 border-b border-line bg-surface px-3.5 pt-2.5 pb-2.5 desk:pt-3.5">
        <ChevronLeft size={20} className="hidden text-ink-2 desk:block" aria-hidden="true" />
        <Face name={business} size={36} />
        <div className="min-w-0 flex-1">
          <b className="block truncate text-[15px] leading-5">{business}</b>
          <span className="block text-xs text-ink-2" aria-live="polite">
            {busy ? t('simulator.writing') : t('simulator.online')}
          </span>
        </div>
      </header>
      <Scroll bottom={bottom}>{children}</Scroll>
      <Composer onSay={onSay} />
    </section>
  );
}

/** Stays at the newest message unless the reader has gone up. */
function Scroll({ bottom, children }: { bottom: string; children: ReactNode }) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    const { current } = box;
    if (current && atEnd.current) current.scrollTop = current.scrollHeight;
  }, [bottom]);
  return (
    <div
      ref={box}
      role="log"
      aria-label={t('simulator.messages')}
      tabIndex={0}
      onScroll={({ currentTarget: at }) => {
        atEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < 60;
      }}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain"
    >
      <div className="flex min-h-full flex-col justify-end gap-[7px] px-3 pt-3 pb-2.5">{children}</div>
    </div>
  );
}

function Composer({ onSay }: { onSay: (text: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const send = (): void => {
    if (!text.trim()) return;
    onSay(text.trim());
    setText('');
  };
  return (
    <form
      className="flex flex-none items-center gap-2 border-t border-line bg-surface px-3 pt-2 pb-[max(.5rem,env(safe-area-inset-bottom))] desk:border-0 desk:bg-transparent desk:pb-4"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <input
        value={text}
        onChange={(event) => setText(event.target.value)}
        maxLength={4096}
        autoComplete="off"
        aria-label={t('simulator.write')}
        placeholder={t('simulator.write')}
        className="h-11 min-w-0 flex-1 rounded-[22px] border border-line-strong bg-surface px-4 text-[16px] placeholder:text-ink-3 desk:h-9 desk:text-sm"
      />
      <button
        type="submit"
        aria-label={t('simulator.send')}
        disabled={!text.trim()}
        className="press grid size-11 flex-none place-items-center rounded-full bg-ink text-ink-inverse disabled:bg-sunken disabled:text-ink-3 desk:size-9"
      >
        <SendHorizontal size={17} aria-hidden="true" />
      </button>
    </form>
  );
}
