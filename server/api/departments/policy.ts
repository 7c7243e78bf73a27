import { everybody, managers, type Policy } from '../../roles.js';

export const departmentsPolicy = {
  'departments:read': everybody,
  'departments:write': managers,
  'departments:publish': managers,
  'departments:run': everybody,
} satisfies Policy;
