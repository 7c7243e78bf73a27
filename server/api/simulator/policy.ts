import { everybody, type Policy } from '../../roles.js';

export const simulatorPolicy = {
  'simulator:write': everybody,
} satisfies Policy;
