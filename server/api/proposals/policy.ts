import { managers, type Policy } from '../../roles.js';

export const proposalsPolicy = {
  'proposals:write': managers,
} satisfies Policy;
