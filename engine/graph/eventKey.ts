/** Under what an event and the wait for it meet: the node that waits, and what its author ties them by. */
export const eventKey = (nodeId: string, key: string): string => `${nodeId}:${key}`;
