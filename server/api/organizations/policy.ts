import { everybody, managers, owners, type Policy } from '../../roles.js';

export const organizationsPolicy = {
  'organization:read': everybody,
  'organization:write': managers,
  'organization:rotateKey': owners,
  'organization:transfer': owners,
  'organization:delete': owners,
} satisfies Policy;
