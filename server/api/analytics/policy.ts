import { everybody, type Policy } from '../../roles.js';

export const analyticsPolicy = {
  'analytics:read': everybody,
} satisfies Policy;
