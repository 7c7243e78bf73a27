import { managers, type Policy } from '../../roles.js';

export const apiKeysPolicy = {
  'apiKeys:read': managers,
  'apiKeys:write': managers,
} satisfies Policy;
