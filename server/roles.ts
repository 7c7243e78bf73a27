export const roles = ['owner', 'admin', 'member'] as const;
export type Role = (typeof roles)[number];

/** What a resource lets each role do. */
export type Policy = Readonly<Record<`${string}:${string}`, readonly Role[]>>;

export const everybody: readonly Role[] = roles;
/** Those who answer for the business. */
export const managers: readonly Role[] = ['owner', 'admin'];
