import { everybody, type Policy } from '../../roles.js';

export const runsPolicy = {
  'runs:read': everybody,
  'runs:control': everybody,
} satisfies Policy;
