import { everybody, staff, type Policy } from '../../roles.js';

export const conversationsPolicy = {
  'conversations:read': everybody,
  'conversations:answer': staff,
} satisfies Policy;
