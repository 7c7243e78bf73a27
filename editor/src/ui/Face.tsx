import type { CSSProperties } from 'react';
import { faceColor } from './cobogo.js';

const initials = (name: string): string => {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters
    .map((word) => word?.match(/\p{L}|\p{N}/u)?.[0] ?? '')
    .join('')
    .toUpperCase();
};

/** A person: round, with initials. You are always sol. Stands beside the name. */
export function Face(props: { name: string; id?: string; you?: boolean; size?: number }) {
  const { name, id = name, you = false, size = 40 } = props;
  const color = you ? 'sol' : faceColor(id);
  const style: CSSProperties = {
    width: size,
    height: size,
    fontSize: size * 0.37,
    background: `var(--color-${color})`,
    color: you ? 'var(--color-sol-ink)' : 'var(--color-on-dept)',
  };
  return (
    <span
      aria-hidden="true"
      style={style}
      className="inline-grid flex-none place-items-center rounded-full font-sans leading-none font-semibold"
    >
      {initials(name) || '?'}
    </span>
  );
}
