import { everybody, type Policy } from '../../roles.js';

export const mediaPolicy = {
  'media:read': everybody,
} satisfies Policy;
