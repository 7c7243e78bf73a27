import { everybody, managers, type Policy } from '../../roles.js';

export const membersPolicy = {
  'members:read': everybody,
  'members:write': managers,
} satisfies Policy;
