import { managers, type Policy } from '../../roles.js';

export const auditPolicy = {
  'audit:read': managers,
  'audit:export': managers,
} satisfies Policy;
