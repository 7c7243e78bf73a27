import type { ConnectionKind, ConnectionSettings } from '#engine/connections/connection.js';
import type { ConnectionView } from './schemas.js';

export interface ConnectionRow {
  readonly id: string;
  readonly provider: ConnectionKind;
  readonly name: string;
  readonly hosts: string[];
  readonly settings: ConnectionSettings;
  readonly usedBy: { departmentId: string; name: string; live: boolean }[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly lastUsedAt: Date | null;
}

/** Never the secret: it is sealed and stays so. */
export const presentConnection = ({ provider, settings, ...row }: ConnectionRow): ConnectionView => ({
  id: row.id,
  kind: provider,
  name: row.name,
  hosts: row.hosts,
  ...settings,
  usedBy: row.usedBy,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
});
