import { everybody, type Policy } from '../../roles.js';

export const templatesPolicy = {
  'templates:read': everybody,
} satisfies Policy;
