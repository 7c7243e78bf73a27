/** What is known of a value before anything runs. `any` is what could be anything and is trusted. */
export type Type =
  | { readonly kind: 'any' | 'null' | 'bool' | 'number' }
  /** `values`: the only ones possible, when they are known. */
  | { readonly kind: 'string'; readonly values?: readonly string[] }
  | { readonly kind: 'list'; readonly item: Type }
  | MapType
  | { readonly kind: 'union'; readonly of: readonly Type[] }
  | { readonly kind: 'optional'; readonly of: Type };

export interface MapType {
  readonly kind: 'map';
  readonly fields: ReadonlyMap<string, Field>;
  /** Type of fields that are not named; `null` when there are none. */
  readonly rest: Type | null;
}

export interface Field {
  readonly type: Type;
  /** False when the field may be absent. */
  readonly required: boolean;
}

export const anyType: Type = { kind: 'any' };
export const nullType: Type = { kind: 'null' };
export const boolType: Type = { kind: 'bool' };
export const numberType: Type = { kind: 'number' };
export const stringType: Type = { kind: 'string' };
export const listOf = (item: Type): Type => ({ kind: 'list', item });
export const optionalOf = (of: Type): Type => (of.kind === 'optional' ? of : { kind: 'optional', of });
export const mapOf = (fields: Readonly<Record<string, Type | Field>>, rest: Type | null = null): MapType => ({
  kind: 'map',
  rest,
  fields: new Map(
    Object.entries(fields).map(([name, field]) => [
      name,
      'required' in field ? field : { type: field, required: true },
    ]),
  ),
});

/** One type that covers all; `any` when there is none or one is `any`. */
export function unionOf(types: readonly Type[]): Type {
  const parts: Type[] = [];
  for (const type of types.flatMap((each) => (each.kind === 'union' ? each.of : [each]))) {
    if (type.kind === 'any') return anyType;
    if (!parts.some((part) => sameType(part, type))) parts.push(type);
  }
  const [only] = parts;
  if (only === undefined) return anyType;
  return parts.length === 1 ? only : { kind: 'union', of: parts };
}

export const partsOf = (type: Type): readonly Type[] => (type.kind === 'union' ? type.of : [type]);

/** The type without `null`, once something has shown that the value is there. */
export const presentOf = (type: Type): Type => unionOf(partsOf(type).filter((part) => part.kind !== 'null'));

export const mayBeNull = (type: Type): boolean => partsOf(type).some((part) => part.kind === 'null');

function sameType(a: Type, b: Type): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  if (a.kind === 'string') return a.values === undefined && b.kind === 'string' && b.values === undefined;
  if (a.kind === 'list') return b.kind === 'list' && sameType(a.item, b.item);
  if (a.kind === 'optional') return b.kind === 'optional' && sameType(a.of, b.of);
  // Maps are compared by identity only: joining equal ones would be tidy, comparing them costs more than keeping both.
  return a.kind !== 'map' && a.kind !== 'union';
}

/** Whether every value of `from` may stand where `to` is wanted. Values that could be anything may. */
export function isAssignable(from: Type, to: Type): boolean {
  if (from.kind === 'any' || to.kind === 'any') return true;
  if (from.kind === 'union') return from.of.every((part) => isAssignable(part, to));
  if (to.kind === 'union') return to.of.some((part) => isAssignable(from, part));
  // An optional gives its value or null.
  if (from.kind === 'optional') return isAssignable(from.of, to) && isAssignable(nullType, to);
  if (to.kind === 'optional') return isAssignable(from, to.of);
  if (from.kind !== to.kind) return false;
  if (from.kind === 'string' && to.kind === 'string') {
    // A text that is not known to be one of the choices may still be one of them; one that is known not to be may not.
    return !from.values || !to.values || from.values.every((value) => to.values?.includes(value));
  }
  if (from.kind === 'list' && to.kind === 'list') return isAssignable(from.item, to.item);
  if (from.kind === 'map' && to.kind === 'map') return isMapAssignable(from, to);
  return true;
}

function isMapAssignable(from: MapType, to: MapType): boolean {
  for (const [name, wanted] of to.fields) {
    const given = from.fields.get(name);
    if (given) {
      if (!isAssignable(given.type, wanted.type) || (wanted.required && !given.required)) return false;
    } else if (wanted.required && !from.rest) return false;
  }
  if (to.rest) return true;
  return [...from.fields.keys()].every((name) => to.fields.has(name));
}

/** Whether two values could ever be equal: comparing a text with a number is a mistake. */
export function areComparable(a: Type, b: Type): boolean {
  if (a.kind === 'any' || b.kind === 'any') return true;
  return partsOf(a).some((left) =>
    partsOf(b).some((right) => {
      if (left.kind === 'null' || right.kind === 'null') return true;
      if (left.kind === 'string' && right.kind === 'string' && left.values && right.values) {
        return left.values.some((value) => right.values?.includes(value));
      }
      return left.kind === right.kind;
    }),
  );
}
