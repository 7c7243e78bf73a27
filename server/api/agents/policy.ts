import { everybody, type Policy } from '../../roles.js';

export const agentsPolicy = {
  'agents:read': everybody,
} satisfies Policy;
