import type { KeysOf } from '#engine/models/keys.js';
import type { NodeContext } from '#nodes/sdk/context.js';

/** An organization as its runs begin with it: what steps see of it, whose keys its agents think with, and whether its day has a limit of money. */
export type OrganizationRecord = NodeContext['organization'] & {
  readonly modelKeys: KeysOf;
  readonly capped: boolean;
};
