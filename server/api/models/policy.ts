import { everybody, type Policy } from '../../roles.js';

export const modelsPolicy = {
  'models:read': everybody,
} satisfies Policy;
