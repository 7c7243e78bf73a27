const told = ['queued', 'sent', 'delivered', 'read', 'played', 'failed'] as const;
type Told = (typeof told)[number];

/** What a channel says of a message, where it is one of the things there are words for. */
export const toldOf = (status: string | undefined): Told | null => told.find((each) => each === status) ?? null;

/** It reached the customer: more than that the channel took it. */
export const isConfirmed = (status: Told | null): boolean =>
  status === 'delivered' || status === 'read' || status === 'played';
