import { useOrganization } from './useOrganization.js';

/** Whether who looks may also change what runs do: everybody but a viewer. `true` until the server has said who they are, which refuses in any case. */
export const useMayAct = (): boolean => useOrganization().organization?.role !== 'viewer';
