import { everybody, managers, owners, type Policy } from '../../roles.js';

export const organizationsPolicy = {
  'organization:read': everybody,
  'organization:write': managers,
  'organization:delete': owners,
  'organization:transfer': owners,
  'members:read': everybody,
  'members:write': managers,
} satisfies Policy;
