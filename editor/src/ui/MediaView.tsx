import { useQuery } from '@tanstack/react-query';
import { FileText, Film, ImageOff, Volume2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';
import type { MessageView } from '../api/types.js';
import { useTexts } from '../i18n/useTexts.js';
import { Skeleton } from './Skeleton.js';

type Media = NonNullable<MessageView['media']>;

const icons = { image: ImageOff, video: Film, audio: Volume2, document: FileText } as const;

interface MediaViewProps {
  readonly media: Media;
  /** The words beside it: they say what the picture is of. */
  readonly text?: string;
  /** Inside something that is pressed itself: nothing in it leads anywhere. */
  readonly still?: boolean;
}

/** What a message carries beside its words: a picture as it arrives, of anything else what it is and where. */
export function MediaView({ media, text = '', still = false }: MediaViewProps) {
  return (
    <span className={text === '' ? 'block' : 'mb-1.5 block'}>
      {media.kind === 'image' ? (
        <Picture media={media} text={text} still={still} />
      ) : (
        <Elsewhere media={media} still={still} />
      )}
    </span>
  );
}

/** Fetched by the platform: whose picture it is does not learn who looks at it. */
function Picture({ media, text, still }: Required<MediaViewProps>) {
  const { t } = useTexts();
  const picture = useQuery({
    queryKey: keys.picture(media.link),
    queryFn: ({ signal }) => api.picture(media.link, signal),
    staleTime: 300_000,
    retry: false,
  });
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    if (!picture.data || !image.current) return;
    const address = URL.createObjectURL(picture.data);
    image.current.src = address;
    return () => URL.revokeObjectURL(address);
  }, [picture.data]);
  if (picture.isError)
    return (
      <>
        <Elsewhere media={media} still={still} />
        <span role="status" className="mt-1 block text-xs text-ink-2">
          {t('pickers.media.notFetched')}
        </span>
      </>
    );
  if (!picture.data)
    return (
      <span role="status" aria-label={t('pickers.media.loading')} className="block">
        <Skeleton className="h-40 w-full" />
      </span>
    );
  return (
    <img
      ref={image}
      alt={text === '' ? t('pickers.media.altAlone') : t('pickers.media.alt', { text: text.slice(0, 120) })}
      className="max-h-72 w-full rounded-md object-cover"
    />
  );
}

function Elsewhere({ media, still }: Pick<Required<MediaViewProps>, 'media' | 'still'>) {
  const { t } = useTexts();
  const Icon = icons[media.kind];
  const kind = t(`pickers.media.kinds.${media.kind}`);
  const host = URL.canParse(media.link) ? new URL(media.link).host : '';
  const content = (
    <>
      <Icon size={20} aria-hidden="true" className="flex-none text-ink-2" />
      <span className="min-w-0 flex-1 whitespace-normal">
        <span className="block truncate font-medium text-ink">{media.name ?? kind}</span>
        <span className="block truncate text-xs text-ink-2">
          {media.name ? `${kind} · ` : ''}
          {t('pickers.media.elsewhere', { host })}
        </span>
      </span>
    </>
  );
  const look = 'flex min-h-11 w-full items-center gap-2.5 rounded-md bg-sunken px-2.5 py-1.5 text-left';
  if (still || !media.link.startsWith('https://')) return <span className={look}>{content}</span>;
  return (
    <a href={media.link} target="_blank" rel="noopener noreferrer" className={`${look} press hover:underline`}>
      {content}
    </a>
  );
}
