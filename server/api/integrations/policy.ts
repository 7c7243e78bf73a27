import { everybody, managers, type Policy } from '../../roles.js';

export const integrationsPolicy = {
  'integrations:read': everybody,
  'integrations:write': managers,
} satisfies Policy;
