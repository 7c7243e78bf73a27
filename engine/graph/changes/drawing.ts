import type { PublicNode } from '#nodes/sdk/publicNode.js';
import { words, type Text } from '#nodes/sdk/text.js';
import type { Definition, EdgeDefinition, NodeDefinition } from '../definition.js';
import { outputsOf } from '../ports.js';
import { edgeBetween } from './edges.js';
import { withRoomFor } from './places.js';

export type FreshId = (type: string, taken: ReadonlySet<string>) => string;

/** Steps and edges under work: how a step is found, written anew and joined to others, and what was refused. */
export class Drawing {
  readonly refusals: Text[] = [];
  protected readonly types: ReadonlyMap<string, PublicNode>;
  protected readonly freshId: FreshId;
  /** What the changes call new steps. */
  protected readonly names = new Map<string, string>();
  protected nodes: NodeDefinition[];
  protected edges: EdgeDefinition[];
  readonly #settings: Definition['settings'];

  constructor(definition: Definition, nodeTypes: readonly PublicNode[], freshId: FreshId) {
    this.nodes = [...definition.nodes];
    this.edges = [...definition.edges];
    this.#settings = definition.settings;
    this.types = new Map(nodeTypes.map((type) => [type.type, type]));
    this.freshId = freshId;
  }

  result = (): Definition => ({ format: 1, nodes: this.nodes, edges: this.edges, settings: this.#settings });

  protected find = (name: string): NodeDefinition | undefined => {
    const id = this.names.get(name) ?? name;
    return this.nodes.find((node) => node.id === id);
  };

  /** Does something to a step that is there and that nobody has locked. */
  protected with(name: string, work: (node: NodeDefinition) => void): void {
    const node = this.find(name);
    if (!node) this.refuse(`Não tem um passo "${name}".`, `There is no step "${name}".`);
    else work(node);
  }

  protected refuse(pt: string, en: string): void {
    this.refusals.push(words(pt, en));
  }

  protected replace(node: NodeDefinition): void {
    const old = this.nodes.find(({ id }) => id === node.id);
    if (old?.locked) return this.locked(old);
    this.nodes = this.nodes.map((each) => (each.id === node.id ? node : each));
  }

  protected locked(node: NodeDefinition): void {
    const title = node.title ?? node.id;
    this.refuse(`"${title}" está trancado. Destranque antes.`, `"${title}" is locked. Unlock it first.`);
  }

  /** Whether a step is another one, or stands inside it. */
  protected isIn(node: NodeDefinition, other: NodeDefinition): boolean {
    let at: NodeDefinition | undefined = node;
    for (let levels = 0; at && levels < 100; levels += 1) {
      if (at.id === other.id) return true;
      const { parentId } = at as NodeDefinition;
      at = this.nodes.find(({ id }) => id === parentId);
    }
    return false;
  }

  protected waysOf(node: NodeDefinition): readonly string[] {
    const type = this.types.get(node.type);
    return type ? outputsOf(type, node.config, node.onError).map(({ name }) => name) : [];
  }

  /** Between what it follows and what followed that; or in front of what it leads to. `along`: the way out that goes on, where it is not the first. */
  protected join(
    node: NodeDefinition,
    type: PublicNode,
    after: NodeDefinition | null,
    way: string | null,
    before: NodeDefinition | null,
    along: string | null = null,
  ): void {
    const first = along ?? outputsOf(type, node.config, node.onError)[0]?.name;
    const on = first === undefined ? undefined : { node: node.id, port: first };
    if (after) {
      const port = this.wayOut(after, way, before);
      if (port === null) return;
      const cut = this.edges.filter(
        ({ from, to }) => from.node === after.id && from.port === port && (!before || to.node === before.id),
      );
      this.edges = this.edges.filter((edge) => !cut.includes(edge));
      this.draw({ node: after.id, port }, node.id);
      for (const { to } of cut) if (on) this.draw(on, to.node, to.port);
      if (before && cut.length === 0 && on) this.draw(on, before.id);
    } else if (before && on) {
      if (type.kind !== 'trigger') {
        for (const edge of this.edges.filter(({ to }) => to.node === before.id)) {
          this.edges = this.edges.filter((each) => each !== edge);
          this.draw(edge.from, node.id);
        }
      }
      this.draw(on, before.id);
    }
    this.nodes = withRoomFor(this.nodes, this.edges, node);
  }

  /** The way named, else one that leads to `towards` or to anything, else the first. Refuses one that the step does not have. */
  protected wayOut(node: NodeDefinition, way: string | null, towards: NodeDefinition | null): string | null {
    const type = this.types.get(node.type);
    const ways = type ? outputsOf(type, node.config, node.onError) : [];
    if (way !== null) {
      const named = ways.find(({ name, title }) => [name, title['pt-BR'], title.en].includes(way));
      if (named) return named.name;
      const title = node.title ?? node.id;
      const names = ways.map(({ name }) => name).join(', ');
      this.refuse(
        `"${title}" não tem a saída "${way}", só: ${names}.`,
        `"${title}" has no way out "${way}", only: ${names}.`,
      );
      return null;
    }
    const leaving = this.edges.filter(({ from }) => from.node === node.id);
    const used =
      leaving.find(({ to }) => to.node === towards?.id) ??
      (towards ? undefined : (leaving.find(({ from }) => from.port === ways[0]?.name) ?? leaving[0]));
    const free = ways.find(({ name }) => !leaving.some(({ from }) => from.port === name));
    const found = used?.from.port ?? (towards ? (free?.name ?? ways[0]?.name) : ways[0]?.name);
    if (found === undefined) {
      const title = node.title ?? node.id;
      this.refuse(`"${title}" não tem saída.`, `"${title}" has no way out.`);
      return null;
    }
    return found;
  }

  protected draw(from: EdgeDefinition['from'], target: string, port = 'in'): void {
    const to = { node: target, port };
    const edge = edgeBetween(from, to);
    // One that was drawn elsewhere may have an id of its own.
    const ends = (each: EdgeDefinition): string => edgeBetween(each.from, each.to).id;
    if (!this.edges.some((each) => ends(each) === edge.id)) this.edges = [...this.edges, edge];
  }
}
