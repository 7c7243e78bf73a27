import { everybody, managers, type Policy } from '../../roles.js';

export const connectionsPolicy = {
  'connections:read': everybody,
  'connections:write': managers,
} satisfies Policy;
