import { everybody, managers, type Policy } from '../../roles.js';

export const organizationsPolicy = {
  'organization:read': everybody,
  'organization:write': managers,
} satisfies Policy;
