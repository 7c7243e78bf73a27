/** Geometry of the pierced blocks: shapes in a unit square, turned in quarter turns. */
export const shapes = {
  leaf: 'M0 1A1 1 0 0 1 1 0A1 1 0 0 1 0 1Z',
  fan: 'M0 0H1A1 1 0 0 1 0 1Z',
  arch: 'M0 1V.5A.5 .5 0 0 1 1 .5V1Z',
  dot: 'M0 .5A.5 .5 0 0 1 1 .5A.5 .5 0 0 1 0 .5Z',
  tri: 'M.12 1A.12 .12 0 0 1 0 .88V.1A.1 .1 0 0 1 .17 .03L.97 .83A.1 .1 0 0 1 .9 1Z',
} as const;
export type Shape = keyof typeof shapes;

/** Department colours. They never mean a status. */
export const departmentColors = ['mar', 'jambo', 'barro', 'anil', 'cana', 'pedra'] as const;
export type DepartmentColor = (typeof departmentColors)[number];

export type Hole = readonly [Shape, quarterTurns: number];
/** The face of a team: a colour and the four holes of its block, row by row. */
export interface Pattern {
  readonly color: DepartmentColor;
  readonly holes: readonly [Hole, Hole, Hole, Hole];
}

const named: Record<string, Pattern> = {
  atendimento: {
    color: 'mar',
    holes: [
      ['leaf', 1],
      ['leaf', 0],
      ['leaf', 0],
      ['leaf', 1],
    ],
  },
  marketing: {
    color: 'jambo',
    holes: [
      ['fan', 0],
      ['fan', 1],
      ['fan', 3],
      ['fan', 2],
    ],
  },
  vendas: {
    color: 'barro',
    holes: [
      ['arch', 0],
      ['arch', 0],
      ['arch', 2],
      ['arch', 2],
    ],
  },
  agenda: {
    color: 'anil',
    holes: [
      ['fan', 2],
      ['fan', 3],
      ['fan', 1],
      ['fan', 0],
    ],
  },
  financeiro: {
    color: 'cana',
    holes: [
      ['dot', 0],
      ['leaf', 0],
      ['leaf', 0],
      ['dot', 0],
    ],
  },
  compras: {
    color: 'pedra',
    holes: [
      ['tri', 1],
      ['tri', 2],
      ['tri', 0],
      ['tri', 3],
    ],
  },
};

/** Templates are named in English in their slugs and the API; their blocks have Portuguese names. */
const aliases: Record<string, string> = {
  'customer-service': 'atendimento',
  customer_service: 'atendimento',
  customerService: 'atendimento',
};

/** FNV-1a over UTF-16 code units, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return value;
}

/** The block of a known kind of team, or one generated from the name, always the same for the same name. */
export function patternFor(name: string, color?: string): Pattern {
  const known = named[aliases[name] ?? name];
  if (known) return isColor(color) ? { ...known, color } : known;
  const seed = hash(name);
  const kinds = Object.keys(shapes) as Shape[];
  const first = kinds[seed % kinds.length] ?? 'leaf';
  const second = kinds[(seed >>> 5) % kinds.length] ?? 'fan';
  const turn = (seed >>> 9) % 4;
  const holes = [
    [first, turn],
    [second, turn + 1],
    [second, turn + 3],
    [first, turn + 2],
  ] as const;
  return {
    color: isColor(color) ? color : (departmentColors[(seed >>> 13) % departmentColors.length] ?? 'pedra'),
    holes,
  };
}

const isColor = (value: string | undefined): value is DepartmentColor =>
  departmentColors.some((color) => color === value);

/** A colour for a person's face, always the same for the same id. */
export const faceColor = (id: string): DepartmentColor =>
  departmentColors[hash(id) % departmentColors.length] ?? 'pedra';

/** A repeatable source of numbers in [0, 1), for drawings that must not change between renders. */
export function repeatable(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}
