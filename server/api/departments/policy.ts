import { everybody, managers, staff, type Policy } from '../../roles.js';

export const departmentsPolicy = {
  'departments:read': everybody,
  'departments:write': managers,
  'departments:publish': managers,
  'departments:run': staff,
} satisfies Policy;
