import { parseAst } from 'vite';

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** A node with the functions and classes around it, innermost last. */
interface Placed {
  readonly node: Node;
  readonly around: readonly Node[];
}

const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === 'string';
const isFunction = ({ type }: Node): boolean =>
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type);
const makers = /(^|\.)(create|make|open|new)?\w*(cache|lru|memoi[sz]e)\w*$/i;

/**
 * What the source of a module keeps beyond the call that put it there: a Map, WeakMap or Set that is filled later (of the module, of a class, in
 * the closure of a factory, or handed on to others empty), what a maker of caches returns (`createCache(…)`, `new LruCache(…)`), and a variable or an
 * object outside a function that the function fills (`x ??= …`, `x[key] = …`, `x = …` for a module's). Tables written out in the source and never
 * filled are none of these. Answers their names.
 */
export function longLivedIn(text: string): string[] {
  const all = placedIn(parseAst(text, { lang: 'ts' }) as unknown as Node);
  const said = ({ start, end }: Node): string => text.slice(start, end);
  const homeOf = ({ around }: Placed): Node | undefined => around.findLast(isFunction);
  const found = new Set<string>();

  /** Filled by a function inside of the one that made it; a field, by anything. */
  const isFilled = (name: string, home: Node | undefined, field: boolean): boolean =>
    all.some((each) => {
      const callee = each.node.type === 'CallExpression' ? (each.node['callee'] as Node) : null;
      if (callee?.type !== 'MemberExpression' || !/^(set|add)$/.test(said(callee['property'] as Node))) return false;
      if (said(callee['object'] as Node) !== (field ? `this.${name}` : name)) return false;
      return field || (homeOf(each) !== home && (!home || each.around.includes(home)));
    });
  /** Handed to others by its name in an object, who may fill it. */
  const isHandedOn = (name: string, home: Node | undefined): boolean =>
    all.some(
      (each) =>
        each.node.type === 'Property' &&
        each.node['shorthand'] === true &&
        homeOf(each) === home &&
        said(each.node['value'] as Node) === name,
    );

  for (const each of all) {
    const { node } = each;
    const [id, made] =
      node.type === 'VariableDeclarator'
        ? [node['id'] as Node, node['init']]
        : node.type === 'PropertyDefinition'
          ? [node['key'] as Node, node['value']]
          : [null, null];
    if (id && isNode(made) && /^(New|Call)Expression$/.test(made.type)) {
      // With its type said, the name is only the beginning.
      const name = /^#?[\w$]+/.exec(said(id))?.[0] ?? said(id);
      const maker = said(made['callee'] as Node);
      const collection = made.type === 'NewExpression' && /^(Weak)?(Map|Set)$/.test(maker);
      const empty = (made['arguments'] as unknown[]).length === 0;
      if (
        collection
          ? isFilled(name, homeOf(each), node.type === 'PropertyDefinition') ||
            (empty && isHandedOn(name, homeOf(each)))
          : makers.test(maker)
      )
        found.add(name);
    }
    if (node.type === 'AssignmentExpression') {
      const once = node['operator'] === '??=';
      const left = node['left'] as Node;
      const entry = left.type === 'MemberExpression' && left['computed'] === true;
      const root = rootOf(left);
      const declared = all.find(
        (other) =>
          other.node.type === 'VariableDeclarator' &&
          (other.node['id'] as Node)['name'] === said(root) &&
          (homeOf(other) === undefined || each.around.includes(homeOf(other) as Node)),
      );
      const outside = declared !== undefined && homeOf(declared) !== homeOf(each);
      if ((once || entry) && root.type === 'ThisExpression')
        found.add(said(entry ? (left['object'] as Node) : left).replace('this.', ''));
      else if (outside && (once || entry || homeOf(declared) === undefined)) found.add(said(root));
    }
  }
  return [...found];
}

/** `a` of `a.b[c]`. */
const rootOf = (node: Node): Node => (node.type === 'MemberExpression' ? rootOf(node['object'] as Node) : node);

function placedIn(root: Node): Placed[] {
  const placed: Placed[] = [];
  const visit = (node: Node, around: readonly Node[]): void => {
    placed.push({ node, around });
    const inside = isFunction(node) ? [...around, node] : around;
    for (const value of Object.values(node))
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, inside);
  };
  visit(root, []);
  return placed;
}
