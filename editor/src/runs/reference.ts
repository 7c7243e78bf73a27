/** What a dragged value carries: the expression that gives it, such as `steps.answer.text`, without braces. */
export const REFERENCE_MIME = 'application/x-department-reference';

const isName = (key: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(key);

/** The expression of a part of what `base` gives: `.name`, `["a name"]`, or `[0]` in a list. */
export const partOf = (base: string, key: string | number): string =>
  typeof key === 'number' ? `${base}[${key}]` : isName(key) ? `${base}.${key}` : `${base}[${JSON.stringify(key)}]`;

/** The expression of what a step returned. */
export const stepReference = (nodeId: string): string => partOf('steps', nodeId);
