import type { TFunction } from 'i18next';
import type { RunView } from '../api/types.js';
import { askedIn, placeIn, writerOf } from './runFacts.js';

/** What a run was about, in people's words: who asked or wrote what, or what set it off. */
export function runTitle(
  run: Pick<RunView, 'input'>,
  trigger: { readonly type: string; readonly title: string } | null,
  t: TFunction,
): string {
  const text = askedIn(run);
  const name = writerOf(run);
  if (text !== null) {
    if (name === null) return text;
    return t(/\?\s*$/.test(text) ? 'runs.titles.asked' : 'runs.titles.wrote', { name, text });
  }
  const place = placeIn(run);
  if (place !== null) {
    if (name === null) return place ? t('inbox.place', { name: place }) : t('inbox.point');
    return place ? t('runs.titles.place', { name, place }) : t('runs.titles.point', { name });
  }
  switch (trigger?.type) {
    case 'trigger.schedule':
      return t('runs.titles.schedule', { title: trigger.title });
    case 'trigger.webhook':
      return t('runs.titles.webhook', { title: trigger.title });
    case 'trigger.manual':
      return t('runs.titles.manual');
    case 'trigger.whatsapp':
      return name === null ? t('runs.titles.message') : t('runs.titles.from', { name });
    default:
      return name === null ? t('runs.untitled') : t('runs.titles.from', { name });
  }
}
