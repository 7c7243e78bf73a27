import { useStoreApi } from '@xyflow/react';
import { useState } from 'react';

/**
 * Sizes and ports are told to React Flow with every step (`measured`, `handles`), so it need not look them up on the screen: doing so lays the
 * page out once for each step, and finds no ports where none are drawn. Call it above `<ReactFlow>`.
 */
export function useKnownSizes(): void {
  const store = useStoreApi();
  // Before anything reads it: the observer of sizes keeps the first one it sees.
  useState(() => {
    store.getState().updateNodeInternals = () => undefined;
  });
}
