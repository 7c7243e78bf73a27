import { everybody, type Policy } from '../roles.js';

export const realtimePolicy = {
  'realtime:read': everybody,
} satisfies Policy;
