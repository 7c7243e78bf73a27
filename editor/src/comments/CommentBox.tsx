import { useId, useRef, useState } from 'react';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { classes } from '../ui/classes.js';
import { mentionedIn, namedAt, suggested } from './mentions.js';

export interface Person {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
}

interface CommentBoxProps {
  readonly label: string;
  readonly submit: string;
  readonly people: readonly Person[];
  readonly pending: boolean;
  readonly autoFocus?: boolean;
  /** Where what was begun is kept, under the box's name, while the box is of something else. */
  readonly begun?: { readonly texts: Map<string, string>; readonly name: string };
  readonly onSubmit: (text: string, mentions: string[]) => Promise<unknown>;
}

/** Where one writes to the others. An @ offers their names. */
export function CommentBox({ label, submit, people, pending, autoFocus, begun, onSubmit }: CommentBoxProps) {
  const id = useId();
  const { t } = useTexts();
  const [text, setWritten] = useState(() => begun?.texts.get(begun.name) ?? '');
  const setText = (next: string): void => {
    setWritten(next);
    begun?.texts.set(begun.name, next);
  };
  const [cursor, setCursor] = useState(0);
  const area = useRef<HTMLTextAreaElement>(null);
  const [picked, setPicked] = useState<ReadonlyMap<string, string>>(new Map());
  const naming = namedAt(text, cursor);
  const names = naming ? suggested(people, naming.search) : [];
  const exact = names.length === 1 && names[0]?.name === naming?.search;
  const [refused, setRefused] = useState<number | null>(null);
  const offered = names.length > 0 && !exact && naming?.from !== refused;
  const [marked, setAt] = useState(0);
  const at = marked < names.length ? marked : 0;

  const choose = (person: Person): void => {
    if (!naming) return;
    const next = `${text.slice(0, naming.from)}@${person.name} ${text.slice(cursor)}`;
    const end = naming.from + person.name.length + 2;
    setText(next);
    setCursor(end);
    setAt(0);
    setPicked(new Map([...picked, [person.name, person.userId]]));
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(end, end);
    });
  };
  const send = async (): Promise<void> => {
    const written = text.trim();
    if (written === '' || pending) return;
    await onSubmit(written, mentionedIn(written, people, picked)).then(
      () => setText(''),
      () => undefined,
    );
  };
  return (
    <div className="grid gap-2">
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <textarea
        ref={area}
        id={id}
        data-comment-box={begun ? '' : undefined}
        rows={2}
        maxLength={5_000}
        autoFocus={autoFocus}
        className="field-input"
        placeholder={t('editor.comments.placeholder')}
        value={text}
        aria-autocomplete="list"
        {...(offered && { 'aria-controls': `${id}-names`, 'aria-activedescendant': `${id}-name-${at}` })}
        onChange={({ target }) => {
          setText(target.value);
          setCursor(target.selectionStart);
        }}
        onSelect={({ currentTarget }) => setCursor(currentTarget.selectionStart)}
        onKeyDown={(event) => {
          // While names are offered: as in every list of names, arrows go through it and Enter takes one.
          if (offered && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
            event.preventDefault();
            setAt((at + (event.key === 'ArrowDown' ? 1 : names.length - 1)) % names.length);
            return;
          }
          if (offered && event.key === 'Escape') {
            event.stopPropagation();
            setRefused(naming?.from ?? null);
            return;
          }
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            event.stopPropagation();
            void send();
          }
          const plainEnter = event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.shiftKey;
          if ((event.key === 'Tab' || plainEnter) && offered && names[at]) {
            event.preventDefault();
            choose(names[at]);
          }
        }}
      />
      {offered && (
        <ul id={`${id}-names`} aria-label={t('editor.comments.people')} className="flex flex-wrap gap-1">
          {names.map((person, index) => (
            <li key={person.userId}>
              <button
                id={`${id}-name-${index}`}
                type="button"
                className={classes('field-example press min-h-7', index === at && 'on')}
                onClick={() => choose(person)}
              >
                @{person.name}
                {names.some((each) => each !== person && each.name === person.name) && (
                  <span className="text-ink-2"> {person.email}</span>
                )}
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex justify-end">
        <Button size="sm" loading={pending} disabled={text.trim() === ''} onClick={() => void send()}>
          {submit}
        </Button>
      </div>
    </div>
  );
}
