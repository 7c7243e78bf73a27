import { everybody, staff, type Policy } from '../../roles.js';

export const runsPolicy = {
  'runs:read': everybody,
  'runs:control': staff,
} satisfies Policy;
