import { useSyncExternalStore } from 'react';

const wide = matchMedia('(min-width: 60rem)');

/** Whether there is room for panels side by side: the same width as the `desk:` styles. */
export const useDesktop = (): boolean =>
  useSyncExternalStore(
    (changed) => {
      wide.addEventListener('change', changed);
      return () => wide.removeEventListener('change', changed);
    },
    () => wide.matches,
  );
