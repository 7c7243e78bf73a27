export const roles = ['owner', 'admin', 'member', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** What a resource lets each role do. */
export type Policy = Readonly<Record<`${string}:${string}`, readonly Role[]>>;

export const everybody: readonly Role[] = roles;
/** Those who work with customers; viewers only look. */
export const staff: readonly Role[] = ['owner', 'admin', 'member'];
/** Those who answer for the business. */
export const managers: readonly Role[] = ['owner', 'admin'];
export const owners: readonly Role[] = ['owner'];
