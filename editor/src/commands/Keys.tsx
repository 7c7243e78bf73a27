import { shownKey } from './command.js';

/** A key, part by part. */
export function Keys({ of }: { of: string }) {
  return (
    <span className="flex flex-none gap-0.5">
      {shownKey(of).map((part) => (
        <kbd key={part} className="kbd">
          {part}
        </kbd>
      ))}
    </span>
  );
}
