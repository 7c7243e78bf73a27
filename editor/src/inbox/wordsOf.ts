import type { TFunction } from 'i18next';
import type { MessageView } from '../api/types.js';
import { placeOf } from './placeOf.js';

const media = [
  'image',
  'audio',
  'video',
  'document',
  'sticker',
  'location',
  'contacts',
  'reaction',
  'unsupported',
] as const;
type Media = (typeof media)[number];
const isMedia = (kind: string): kind is Media => media.some((one) => one === kind);

/** What a message says, or what it is where it says nothing. */
export function wordsOf({ text, kind, changed }: Pick<MessageView, 'text' | 'kind' | 'changed'>, t: TFunction): string {
  if (changed === 'deleted') return t('inbox.deleted');
  const place = placeOf({ text, kind, changed });
  if (place) return place.name ? t('inbox.place', { name: place.name }) : t('inbox.point');
  if (text) return text;
  // WhatsApp tells of a reaction that is taken back as of one without its mark.
  if (kind === 'reaction') return t('inbox.unreacted');
  return isMedia(kind) ? t('inbox.media', { kind: t(`inbox.kinds.${kind}`) }) : '';
}
