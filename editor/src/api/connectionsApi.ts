import { api, client } from './api.js';
import * as operations from './generated/operations.js';
import type { ConnectionCreate, ConnectionPatch, ModelKeysPut } from './generated/types.js';

/** Keys for other systems, and whose keys the agents think with. */
export const connectionsApi = {
  list: api.connections,
  make: (body: ConnectionCreate) => client.call(operations.createIntegrationConnection, { body }),
  change: (id: string, body: ConnectionPatch) =>
    client.call(operations.updateIntegrationConnection, { path: { id }, body }),
  test: (id: string, url: string) =>
    client.call(operations.testIntegrationConnection, { path: { id }, body: url ? { url } : {} }),
  /** Also while departments at work need it: whoever asks has been told. */
  remove: (id: string) =>
    client.call(operations.deleteIntegrationConnection, { path: { id }, query: { force: 'true' } }),
  modelKeys: () => client.call(operations.listIntegrationModels, {}),
  chooseKeys: (keys: ModelKeysPut['keys']) => client.call(operations.replaceIntegrationModel, { body: { keys } }),
} as const;
