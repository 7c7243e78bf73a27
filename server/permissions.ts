import { agentsPolicy } from './api/agents/policy.js';
import { proposalsPolicy } from './api/proposals/policy.js';
import { analyticsPolicy } from './api/analytics/policy.js';
import { apiKeysPolicy } from './api/apiKeys/policy.js';
import { auditPolicy } from './api/audit/policy.js';
import { commentsPolicy } from './api/comments/policy.js';
import { connectionsPolicy } from './api/connections/policy.js';
import { conversationsPolicy } from './api/conversations/policy.js';
import { departmentsPolicy } from './api/departments/policy.js';
import { integrationsPolicy } from './api/integrations/policy.js';
import { knowledgePolicy } from './api/knowledge/policy.js';
import { membersPolicy } from './api/members/policy.js';
import { mediaPolicy } from './api/media/policy.js';
import { modelsPolicy } from './api/models/policy.js';
import { nodeTypesPolicy } from './api/nodeTypes/policy.js';
import { organizationsPolicy } from './api/organizations/policy.js';
import { runsPolicy } from './api/runs/policy.js';
import { simulatorPolicy } from './api/simulator/policy.js';
import { templatesPolicy } from './api/templates/policy.js';
import { realtimePolicy } from './realtime/policy.js';
import { roles, type Role } from './roles.js';

const policies = {
  ...agentsPolicy,
  ...proposalsPolicy,
  ...analyticsPolicy,
  ...auditPolicy,
  ...apiKeysPolicy,
  ...commentsPolicy,
  ...connectionsPolicy,
  ...conversationsPolicy,
  ...departmentsPolicy,
  ...integrationsPolicy,
  ...knowledgePolicy,
  ...membersPolicy,
  ...mediaPolicy,
  ...modelsPolicy,
  ...nodeTypesPolicy,
  ...organizationsPolicy,
  ...realtimePolicy,
  ...runsPolicy,
  ...simulatorPolicy,
  ...templatesPolicy,
};

/** What a role may be allowed to do: `<resource>:<action>`. */
export type Permission = keyof typeof policies;

export const permissions = Object.keys(policies).toSorted() as readonly Permission[];

export const may = (role: Role, permission: Permission): boolean =>
  (policies[permission] as readonly Role[]).includes(role);

/**
 * What somebody limited to some departments may still do there, as far as their role goes. Everything else concerns the whole organization:
 * its people, keys, money and knowledge are for those who see all of it.
 */
const departmental: ReadonlySet<Permission> = new Set<Permission>([
  'agents:read',
  'analytics:read',
  'connections:read',
  'comments:read',
  'comments:write',
  'conversations:answer',
  'conversations:read',
  'departments:publish',
  'departments:read',
  'departments:run',
  'departments:write',
  'integrations:read',
  'knowledge:read',
  'members:read',
  'media:read',
  'models:read',
  'nodeTypes:read',
  'organization:read',
  'realtime:read',
  'runs:control',
  'runs:read',
  'simulator:write',
  'templates:read',
]);
export const withinDepartments = (permission: Permission): boolean => departmental.has(permission);

/** All that a role may, in the order of the alphabet. */
export const permissionsOf = (role: Role): readonly Permission[] => sets[role];

const sets = Object.fromEntries(
  roles.map((role) => [role, permissions.filter((permission) => may(role, permission))]),
) as unknown as Readonly<Record<Role, readonly Permission[]>>;
