import { everybody, managers, owners, type Policy } from '../../roles.js';

export const organizationsPolicy = {
  'organization:read': everybody,
  'organization:write': managers,
  'organization:transfer': owners,
  'organization:delete': owners,
} satisfies Policy;
