/** What stands in an address before the resource and adds nothing to its name. */
const prefixes = [/^\/api\/v1\//, /^organizations\/current\/(?=.)/, /^auth\/(?=.)/, /^account\/(?=.)/];
const verbs: Readonly<Record<string, string>> = {
  post: 'create',
  patch: 'update',
  put: 'replace',
  delete: 'delete',
};

/** Where the rule below gives a name that nobody would say. */
const said: Readonly<Record<string, string>> = {
  'get /healthz': 'getHealth',
  'get /readyz': 'getReadiness',
  'get /.well-known/jwks.json': 'getSigningKeys',
  'post /api/v1/auth/login/totp': 'loginWithCode',
  'post /api/v1/auth/passkeys/options': 'beginPasskeyLogin',
  'post /api/v1/auth/passkeys/login': 'loginWithPasskey',
  'post /api/v1/auth/password/forgot': 'forgotPassword',
  'post /api/v1/auth/password/reset': 'resetPassword',
  'post /api/v1/auth/switch': 'switchOrganization',
  'post /api/v1/auth/sample': 'createSample',
  'post /api/v1/auth/verify-email': 'verifyEmail',
  'post /api/v1/auth/invitations/look': 'lookAtInvitation',
  'post /api/v1/auth/invitations/join': 'joinByInvitation',
  'post /api/v1/auth/invitations/accept': 'acceptInvitation',
  'delete /api/v1/auth/sessions': 'deleteOtherSessions',
  'post /api/v1/account/email': 'changeEmail',
  'post /api/v1/account/password': 'changePassword',
  'post /api/v1/account/verify-email': 'resendVerification',
  'post /api/v1/account/totp': 'beginTotp',
  'post /api/v1/account/passkeys/options': 'beginPasskey',
  'post /api/v1/account/recovery-codes': 'renewRecoveryCodes',
  'get /api/v1/organizations/current': 'getOrganization',
  'patch /api/v1/organizations/current': 'updateOrganization',
  'delete /api/v1/organizations/current': 'deleteOrganization',
  'post /api/v1/organizations/current/leave': 'leaveOrganization',
  'post /api/v1/organizations/current/transfer': 'transferOrganization',
  'get /api/v1/audit': 'listAuditEntries',
  'get /api/v1/audit/export': 'exportAudit',
  'get /api/v1/outbox': 'listOutbox',
  'get /api/v1/outbox/{id}': 'getOutboxMail',
  'post /api/v1/departments/{id}/runs': 'startRun',
  'post /api/v1/webhooks/departments/{token}': 'callDepartmentWebhook',
  'post /api/v1/integrations/simulator': 'openSimulator',
  'post /api/v1/integrations/whatsapp': 'connectWhatsApp',
  'post /api/v1/realtime/ticket': 'createRealtimeTicket',
};

/**
 * The name of an operation, from its method and address: `listRuns`, `getRun`, `createApiKey`, `cancelRun`, `listDepartmentVersions`.
 * A last word that is no plural is something one does (`POST /runs/{id}/cancel`) or something that there is once (`PUT /departments/{id}/draft`).
 */
export function operationIdOf(method: string, path: string): string {
  const known = said[`${method} ${path}`];
  if (known) return known;
  const segments = prefixes
    .reduce((left, prefix) => left.replace(prefix, ''), path)
    .split('/')
    .filter(Boolean);
  const words = segments.filter((segment) => !segment.startsWith('{'));
  const last = words.at(-1) ?? 'root';
  const owners = words.slice(0, -1).map(singular);
  const item = segments.at(-1)?.startsWith('{') ?? false;
  if (method === 'get')
    return camel([!item && isPlural(last) ? 'list' : 'get', ...owners, item ? singular(last) : last]);
  if (method === 'post' && !isPlural(last)) return camel([last, ...owners]);
  return camel([verbs[method] ?? method, ...owners, singular(last)]);
}

const isPlural = (word: string): boolean => word.endsWith('s') && !/(ss|ics)$/.test(word);
const singular = (word: string): string =>
  isPlural(word) ? word.replace(/ies$/, 'y').replace(/(?<=[^y])s$|(?<=y)s$/, '') : word;
const camel = (words: readonly string[]): string =>
  words
    .flatMap((word) => word.split(/[^A-Za-z0-9]+/))
    .filter(Boolean)
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
