import { everybody, staff, type Policy } from '../../roles.js';

export const commentsPolicy = {
  'comments:read': everybody,
  'comments:write': staff,
} satisfies Policy;
