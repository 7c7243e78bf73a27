import { staff, type Policy } from '../../roles.js';

export const simulatorPolicy = {
  'simulator:write': staff,
} satisfies Policy;
