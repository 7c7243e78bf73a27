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

export type Names = ReadonlyMap<string, string>;

/** Somebody, by the name that they have now. */
export const presentAuthor = (id: string, names: Names) => ({ id, name: names.get(id) ?? null });

/** Ids of whoever a version names. */
export const peopleOf = ({ createdBy, authors }: DepartmentVersion): (string | null)[] => [createdBy, ...authors];

export const presentVersion = (version: DepartmentVersion, names: Names): VersionView => ({
  version: version.number,
  createdAt: version.createdAt.toISOString(),
  createdBy: version.createdBy,
  publishedBy: version.createdBy === null ? null : presentAuthor(version.createdBy, names),
  note: version.note,
  authors: version.authors.map((id) => presentAuthor(id, names)),
});

export const presentVersionWithDefinition = (version: DepartmentVersion, names: Names): VersionWithDefinition => ({
  ...presentVersion(version, names),
  definition: version.definition,
});
