import { useOrganization } from './useOrganization.js';

/** Whether who looks may also change what runs do: everybody but a viewer. `true` until the server has said who they are, which refuses in any case. */
export const useMayAct = (): boolean => useOrganization().organization?.role !== 'viewer';

/** Whether who looks runs the house: changes its departments, who works in it, and how it is set. `false` until the server has said who they are. */
export function useManages(): boolean {
  const role = useOrganization().organization?.role;
  return role === 'owner' || role === 'admin';
}
