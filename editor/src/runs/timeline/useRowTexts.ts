import { formatDuration } from '../../i18n/format.js';
import { useTexts } from '../../i18n/useTexts.js';
import type { PauseView } from '../../api/types.js';
import type { NodeFacts } from './nodesOf.js';
import type { TimelineRow } from './rows.js';

/** What is said of a line of the timeline. */
export function useRowTexts() {
  const { t, locale } = useTexts();
  const nameOf = (row: TimelineRow, facts: NodeFacts): string => {
    if (row.kind === 'lap') return t('runs.timeline.lap', { number: row.lap?.number ?? 1 });
    if (row.kind === 'container' && row.laps > 0)
      return facts.type?.kind === 'department'
        ? facts.title
        : t('runs.timeline.container', { title: facts.title, count: row.laps });
    return facts.title;
  };
  const saidOf = (row: TimelineRow): string => {
    if (row.recalled) return t('runs.timeline.recalled');
    const length = formatDuration(locale, row.to - row.from);
    if (row.status === 'waiting') return t('runs.timeline.waitingFor', { time: length });
    if (row.status === 'stopped') return t('runs.timeline.stopped', { time: length });
    const { pause } = row;
    if (pause?.answeredAt) return answerOf(pause) ?? length;
    if (row.status === 'failed')
      return row.tries.length > 1
        ? t('runs.timeline.noneWorked', { count: row.tries.length })
        : t('runs.timeline.failed');
    if (row.tries.length > 1 && row.status === 'succeeded')
      return t('runs.timeline.tryWorked', { number: row.tries.length });
    return length;
  };
  return { nameOf, saidOf };
}

/** What was answered, in the words of the choice where there was one. */
export function answerOf({ question, answer }: PauseView): string | null {
  if (typeof answer === 'object' && answer !== null && !Array.isArray(answer) && typeof answer['text'] === 'string')
    return answer['text'];
  if (typeof answer !== 'string') return null;
  const options =
    typeof question === 'object' && question !== null && !Array.isArray(question) && Array.isArray(question['options'])
      ? question['options']
      : [];
  for (const option of options)
    if (
      typeof option === 'object' &&
      option !== null &&
      !Array.isArray(option) &&
      option['value'] === answer &&
      typeof option['title'] === 'string'
    )
      return option['title'];
  return answer;
}
