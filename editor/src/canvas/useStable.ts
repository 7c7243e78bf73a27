import { useCallback, useLayoutEffect, useRef } from 'react';

/**
 * The same function for as long as the component is there, which does what the newest one would. React Flow keeps each of its handlers in a
 * store that every step and edge looks at: a new one a frame is a thousand looks a frame for each of them.
 */
export function useStable<Given extends readonly unknown[], Back>(
  newest: (...given: Given) => Back,
): (...given: Given) => Back {
  const latest = useRef(newest);
  useLayoutEffect(() => {
    latest.current = newest;
  });
  return useCallback((...given: Given) => latest.current(...given), []);
}
