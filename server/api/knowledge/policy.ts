import { everybody, managers, type Policy } from '../../roles.js';

export const knowledgePolicy = {
  'knowledge:read': everybody,
  'knowledge:write': managers,
} satisfies Policy;
