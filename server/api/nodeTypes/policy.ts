import { everybody, type Policy } from '../../roles.js';

export const nodeTypesPolicy = {
  'nodeTypes:read': everybody,
} satisfies Policy;
