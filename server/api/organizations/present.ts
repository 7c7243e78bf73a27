import type { Organization } from '#db/models/organization.js';
import type { Role } from '../../roles.js';
import type { OrganizationView } from './schemas.js';

export const presentOrganization = (organization: Organization, role: Role, sandbox: boolean): OrganizationView => ({
  id: organization.id,
  name: organization.name,
  slug: organization.slug,
  locale: organization.locale === 'en' ? 'en' : 'pt-BR',
  timezone: organization.timezone,
  role,
  profile: organization.profile,
  dailyBudgetCents: organization.dailyBudgetCents,
  repliesPerMinute: organization.repliesPerMinute,
  sandbox: sandbox && organization.modelKeys === 'platform',
});
