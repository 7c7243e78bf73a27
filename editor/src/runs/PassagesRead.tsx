import type { StepView } from '../api/types.js';
import { formatNumber } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';

/** Passages that a step found or worked with, nearest first. */
export function PassagesRead({ step }: { step: StepView }) {
  const { t, locale } = useTexts();
  const passages = [...passagesIn(step.output), ...passagesIn(step.input)].slice(0, 5);
  if (passages.length === 0) return null;
  return (
    <section className="border-t border-line px-3.5 py-3">
      <h3 className="mb-2 font-sans text-xs font-semibold tracking-normal text-ink-2">{t('simulator.step.read')}</h3>
      <ul className="grid gap-1.5">
        {passages.map((passage, index) => (
          <li key={passage.id} className={classes('rounded-md px-2.5 py-2', index === 0 ? 'bg-mar-soft' : 'bg-sunken')}>
            <p className="flex gap-2">
              <b className="min-w-0 flex-1 truncate">{passage.title}</b>
              <span className="num text-ink-2">{formatNumber(locale, Math.round(passage.score * 100) / 100)}</span>
            </p>
            <p className="line-clamp-3 text-ink-2">{plain(passage.text, passage.title)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A piece of Markdown as one reads it in a line: without its marks, and without its title a second time. */
const plain = (text: string, title: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(/^\s*(#{1,6}|[-*>])\s+/, '').replace(/[*_`]{1,3}/g, ''))
    .filter((line) => line !== '' && line !== title)
    .join(' ');

interface PassageRead {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly score: number;
}

function passagesIn(value: StepView['output']): PassageRead[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Array.isArray(value['passages']))
    return [];
  return value['passages'].flatMap((each) => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return [];
    const { id, title, text, score } = each;
    return typeof id === 'string' && typeof text === 'string'
      ? [{ id, title: String(title), text, score: typeof score === 'number' ? score : 0 }]
      : [];
  });
}
