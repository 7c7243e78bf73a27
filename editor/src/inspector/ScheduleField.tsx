import { lazy, Suspense, useId, useState } from 'react';
import { useOrganization } from '../app/useOrganization.js';
import { useNode } from '../editor/session.js';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';
import { readWeekly, writeWeekly } from './cron.js';
import { useField } from './fieldContext.js';
import { FieldFrame } from './FieldFrame.js';
import { inputBox, type FieldProps } from './PlainFields.js';

const NextFirings = lazy(async () => ({ default: (await import('./NextFirings.js')).NextFirings }));

/** Days of the week and an hour; whoever needs more writes the cron line. */
export function ScheduleField({ spec, path, value }: FieldProps) {
  const id = useId();
  const { t, locale } = useTexts();
  const { set, readOnly, onFocus, problemsAt, nodeId } = useField();
  const node = useNode(nodeId);
  const { organization } = useOrganization();
  const zone = node?.config['timezone'];
  const timezone = (typeof zone === 'string' && zone) || organization?.timezone || 'America/Sao_Paulo';
  const cron = typeof value === 'string' ? value : typeof spec.fallback === 'string' ? spec.fallback : '0 8 * * *';
  const weekly = readWeekly(cron);
  const [byHand, setByHand] = useState(false);
  const day = new Intl.DateTimeFormat(locale, { weekday: 'narrow', timeZone: 'UTC' });
  const dayName = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
  // The first of January 2023 was a Sunday.
  const dateOf = (index: number): Date => new Date(Date.UTC(2023, 0, 1 + index));
  const line = byHand || !weekly;
  // How a cron line is written concerns nobody who chooses days.
  const plain = { ...spec, help: '' };
  return (
    <FieldFrame spec={line ? spec : plain} path={path} id={id} as={line ? 'label' : 'span'}>
      {line ? (
        <input
          id={id}
          value={cron}
          readOnly={readOnly}
          spellCheck={false}
          className={classes(inputBox(problemsAt(path).length > 0), 'font-mono')}
          onFocus={() => onFocus(path)}
          onBlur={() => onFocus(null)}
          onChange={({ target }) => {
            // On the way to another line it may say days and an hour for a moment: one goes on writing.
            setByHand(true);
            set(path, target.value);
          }}
        />
      ) : (
        <div className="grid gap-2" role="group" aria-labelledby={`${id}-label`}>
          <div className="grid grid-cols-7 gap-1">
            {[0, 1, 2, 3, 4, 5, 6].map((index) => {
              const on = weekly.days.includes(index);
              return (
                <button
                  key={index}
                  type="button"
                  aria-pressed={on}
                  aria-label={dayName.format(dateOf(index))}
                  disabled={readOnly || (on && weekly.days.length === 1)}
                  onClick={() =>
                    set(
                      path,
                      writeWeekly({
                        ...weekly,
                        days: on ? weekly.days.filter((each) => each !== index) : [...weekly.days, index],
                      }),
                    )
                  }
                  className={classes('field-day press', on && 'on')}
                >
                  {day.format(dateOf(index))}
                </button>
              );
            })}
          </div>
          <input
            id={id}
            type="time"
            aria-label={t('editor.field.time')}
            readOnly={readOnly}
            value={`${String(weekly.hour).padStart(2, '0')}:${String(weekly.minute).padStart(2, '0')}`}
            className={classes(inputBox(false), 'num')}
            onFocus={() => onFocus(path)}
            onBlur={() => onFocus(null)}
            onChange={({ target }) => {
              const [hour, minute] = target.value.split(':').map(Number);
              if (hour !== undefined && minute !== undefined && Number.isFinite(hour + minute))
                set(path, writeWeekly({ ...weekly, hour, minute }));
            }}
          />
        </div>
      )}
      <Suspense fallback={null}>
        <div className="mt-2">
          <NextFirings cron={cron} timezone={timezone} said={line} />
        </div>
      </Suspense>
      {weekly && !readOnly && (
        <button type="button" className="mt-1 min-h-6 text-xs text-ink-2 underline" onClick={() => setByHand(!byHand)}>
          {t(byHand ? 'editor.field.byDays' : 'editor.field.byCron')}
        </button>
      )}
    </FieldFrame>
  );
}
