import { useEffect, useState } from 'react';
import type { Json } from '#nodes/sdk/json.js';
import { useTexts } from '../i18n/useTexts.js';
import { MediaView } from '../ui/MediaView.js';

const kinds = ['image', 'video', 'audio', 'document'] as const;
/** Milliseconds without a letter before a link is looked at. */
const calm = 500;

/** What a step sends beside its words, as it arrives. */
export function MediaPreview({ value }: { value: Json | undefined }) {
  const { t } = useTexts();
  const {
    kind: chosen,
    link: written,
    name,
  } = (typeof value === 'object' && value !== null ? value : {}) as {
    kind?: Json;
    link?: Json;
    name?: Json;
  };
  const link = useCalm(typeof written === 'string' ? written : '');
  if (link.includes('{{')) return <p className="text-xs text-ink-2">{t('pickers.media.expression')}</p>;
  // What else is wrong with it is said at the field.
  if (!link.startsWith('https://') || !URL.canParse(link)) return null;
  const kind = kinds.find((each) => each === chosen) ?? 'image';
  return (
    <figure>
      <figcaption className="mb-1 text-xs text-ink-2">{t('pickers.media.seen')}</figcaption>
      <MediaView media={{ kind, link, name: typeof name === 'string' && name !== '' ? name : null }} />
    </figure>
  );
}

/** The text once nobody writes in it. */
function useCalm(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), calm);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
