/** Ways into a payload whose shape is only promised by somebody else. A wrong type reads as empty. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

/** Longest that is a name of something: Meta's ids have some 60 characters. */
const MOST_ID = 500;
/** What something is known by; one that could be nothing's, and that no index takes, reads as empty. */
export const idOf = (value: unknown): string => {
  const id = text(value);
  return id.length > MOST_ID || id.includes('\0') ? '' : id;
};
