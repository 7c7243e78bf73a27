import { everybody, type Policy } from '../../roles.js';

export const conversationsPolicy = {
  'conversations:read': everybody,
  'conversations:answer': everybody,
} satisfies Policy;
