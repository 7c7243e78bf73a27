import type { Department } from '#db/models/department.js';
import type { DepartmentVersion } from '#db/models/departmentVersion.js';
import type { Definition } from '#engine/graph/definition.js';
import type { DepartmentView, VersionView, VersionWithDefinition } from './schemas.js';

/** `published` is the definition of the version that is live. */
export function presentDepartment(department: Department, published: Definition | null): DepartmentView {
  const { id, name, type, status, draft, publishedVersion } = department;
  return {
    id,
    name,
    type,
    status,
    draft,
    published: publishedVersion !== null && published ? { version: publishedVersion, definition: published } : null,
    createdAt: department.createdAt.toISOString(),
    updatedAt: department.updatedAt.toISOString(),
  };
}

export const presentVersion = (version: DepartmentVersion): VersionView => ({
  version: version.number,
  createdAt: version.createdAt.toISOString(),
  createdBy: version.createdBy,
});

export const presentVersionWithDefinition = (version: DepartmentVersion): VersionWithDefinition => ({
  ...presentVersion(version),
  definition: version.definition,
});
