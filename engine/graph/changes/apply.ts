import type { Json, JsonObject } from '#nodes/sdk/json.js';
import type { PublicNode } from '#nodes/sdk/publicNode.js';
import { words, type Text } from '#nodes/sdk/text.js';
import { nodeIdPattern, type Definition, type EdgeDefinition, type NodeDefinition } from '../definition.js';
import { outputsOf } from '../ports.js';
import { sha256 } from '../sha256.js';
import type { Change } from './change.js';

export interface Applied {
  readonly definition: Definition;
  /** Why some of it could not be done, in the order of the changes. */
  readonly refusals: readonly Text[];
}

/** Between a step and the one below it, on the canvas. */
const BELOW = 112;
const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Does changes to a definition, one after the other. What cannot be done is refused with the reason and left out; whether the result can run is
 * for `validate` to say. `freshId` makes ids for new steps: what the author of a change calls them is only a name to refer to.
 */
export function applyChanges(
  definition: Definition,
  changes: readonly Change[],
  nodeTypes: readonly PublicNode[],
  freshId: (type: string, taken: ReadonlySet<string>) => string,
): Applied {
  const work = new Work(definition, nodeTypes, freshId);
  for (const one of changes) work.do(one);
  return { definition: work.result(), refusals: work.refusals };
}

class Work {
  readonly refusals: Text[] = [];
  readonly #settings: Definition['settings'];
  readonly #types: ReadonlyMap<string, PublicNode>;
  readonly #freshId: (type: string, taken: ReadonlySet<string>) => string;
  /** What the changes call new steps. */
  readonly #names = new Map<string, string>();
  #nodes: NodeDefinition[];
  #edges: EdgeDefinition[];

  constructor(
    definition: Definition,
    nodeTypes: readonly PublicNode[],
    freshId: (type: string, taken: ReadonlySet<string>) => string,
  ) {
    this.#nodes = [...definition.nodes];
    this.#edges = [...definition.edges];
    this.#settings = definition.settings;
    this.#types = new Map(nodeTypes.map((type) => [type.type, type]));
    this.#freshId = freshId;
  }

  result = (): Definition => ({ format: 1, nodes: this.#nodes, edges: this.#edges, settings: this.#settings });

  do(change: Change): void {
    switch (change.do) {
      case 'add':
        return this.#add(change);
      case 'remove':
        return this.#with(change.step, (node) => this.#remove(node));
      case 'connect':
        return this.#with(change.from, (from) => this.#with(change.to, (to) => this.#connect(from, change.way, to)));
      case 'disconnect':
        return this.#with(change.from, (from) => this.#with(change.to, (to) => this.#disconnect(from, change.way, to)));
      case 'rename':
        return this.#with(change.step, (node) => this.#replace({ ...node, title: change.title.trim() }));
      case 'set':
        return this.#with(change.step, (node) => this.#replace(this.#set(node, change.settings)));
    }
  }

  #find = (name: string): NodeDefinition | undefined => {
    const id = this.#names.get(name) ?? name;
    return this.#nodes.find((node) => node.id === id);
  };

  /** Does something to a step that is there and that nobody has locked. */
  #with(name: string, work: (node: NodeDefinition) => void): void {
    const node = this.#find(name);
    if (!node) this.#refuse(`Não tem um passo "${name}".`, `There is no step "${name}".`);
    else work(node);
  }

  #refuse(pt: string, en: string): void {
    this.refusals.push(words(pt, en));
  }

  #replace(node: NodeDefinition): void {
    const old = this.#nodes.find(({ id }) => id === node.id);
    if (old?.locked) return this.#locked(old);
    this.#nodes = this.#nodes.map((each) => (each.id === node.id ? node : each));
  }

  #locked(node: NodeDefinition): void {
    const title = node.title ?? node.id;
    this.#refuse(`"${title}" está trancado. Destranque antes.`, `"${title}" is locked. Unlock it first.`);
  }

  #set(node: NodeDefinition, settings: readonly { readonly field: string; readonly value: string }[]): NodeDefinition {
    let config: JsonObject = node.config as JsonObject;
    for (const { field, value } of settings) {
      const path = field.replace(/^config\./, '').split('.');
      const read = parse(value);
      if (path.some((part) => part === '' || forbidden.has(part)))
        this.#refuse(`"${field}" não é um ajuste.`, `"${field}" is no setting.`);
      else config = put(config, path, read) as JsonObject;
    }
    return { ...node, config: config as NodeDefinition['config'] };
  }

  #add(change: Extract<Change, { do: 'add' }>): void {
    const type = this.#types.get(change.type);
    if (!type) {
      this.#refuse(`Não existe um passo do tipo "${change.type}".`, `There is no kind of step "${change.type}".`);
      return;
    }
    if (this.#find(change.id)) {
      this.#refuse(`Já tem um passo "${change.id}".`, `There is a step "${change.id}" already.`);
      return;
    }
    const [after, before, inside] = [change.after, change.before, change.inside].map((name) =>
      name === null ? null : this.#find(name),
    );
    for (const [name, found] of [
      [change.after, after],
      [change.before, before],
      [change.inside, inside],
    ] as const)
      if (found === undefined) return this.#refuse(`Não tem um passo "${name}".`, `There is no step "${name}".`);
    const isTrigger = type.kind === 'trigger';
    if (isTrigger && after)
      return this.#refuse(
        'Nada vem antes de um passo que começa o trabalho.',
        'Nothing comes before a step that starts the work.',
      );
    const parentId = isTrigger ? undefined : (after?.parentId ?? before?.parentId ?? inside?.id);
    const id = this.#freshId(change.type, new Set([...this.#nodes.map((node) => node.id), ...this.#names.keys()]));
    this.#names.set(change.id, id);
    const bare: NodeDefinition = {
      id,
      type: change.type,
      version: type.version,
      config: {},
      position: this.#placeFor(after ?? null, before ?? null, parentId),
      ...(change.title?.trim() && { title: change.title.trim() }),
      ...(parentId && { parentId }),
    };
    const node = this.#set(bare, change.settings);
    this.#nodes.push(node);
    this.#join(node, type, after ?? null, change.way, before ?? null);
  }

  /** Between what it follows and what followed that; or in front of what it leads to. */
  #join(
    node: NodeDefinition,
    type: PublicNode,
    after: NodeDefinition | null,
    way: string | null,
    before: NodeDefinition | null,
  ): void {
    const [out] = outputsOf(type, node.config, node.onError);
    const on = out && { node: node.id, port: out.name };
    if (after) {
      const port = this.#wayOut(after, way, before);
      if (port === null) return;
      const cut = this.#edges.filter(
        ({ from, to }) => from.node === after.id && from.port === port && (!before || to.node === before.id),
      );
      this.#edges = this.#edges.filter((edge) => !cut.includes(edge));
      this.#draw({ node: after.id, port }, node.id);
      for (const { to } of cut) if (on) this.#draw(on, to.node, to.port);
      if (before && cut.length === 0 && on) this.#draw(on, before.id);
    } else if (before && on) {
      if (type.kind !== 'trigger') {
        for (const edge of this.#edges.filter(({ to }) => to.node === before.id)) {
          this.#edges = this.#edges.filter((each) => each !== edge);
          this.#draw(edge.from, node.id);
        }
      }
      this.#draw(on, before.id);
    }
    this.#makeRoom(node);
  }

  /** The way named, else one that leads to `towards` or to anything, else the first. Refuses one that the step does not have. */
  #wayOut(node: NodeDefinition, way: string | null, towards: NodeDefinition | null): string | null {
    const type = this.#types.get(node.type);
    const ways = type ? outputsOf(type, node.config, node.onError) : [];
    if (way !== null) {
      const named = ways.find(({ name, title }) => [name, title['pt-BR'], title.en].includes(way));
      if (named) return named.name;
      const title = node.title ?? node.id;
      const names = ways.map(({ name }) => name).join(', ');
      this.#refuse(
        `"${title}" não tem a saída "${way}", só: ${names}.`,
        `"${title}" has no way out "${way}", only: ${names}.`,
      );
      return null;
    }
    const leaving = this.#edges.filter(({ from }) => from.node === node.id);
    const used =
      leaving.find(({ to }) => to.node === towards?.id) ??
      (towards ? undefined : (leaving.find(({ from }) => from.port === ways[0]?.name) ?? leaving[0]));
    const free = ways.find(({ name }) => !leaving.some(({ from }) => from.port === name));
    const found = used?.from.port ?? (towards ? (free?.name ?? ways[0]?.name) : ways[0]?.name);
    if (found === undefined) {
      const title = node.title ?? node.id;
      this.#refuse(`"${title}" não tem saída.`, `"${title}" has no way out.`);
      return null;
    }
    return found;
  }

  #connect(from: NodeDefinition, way: string | null, to: NodeDefinition): void {
    const port = this.#wayOut(from, way, to);
    if (port !== null) this.#draw({ node: from.id, port }, to.id);
  }

  #disconnect(from: NodeDefinition, way: string | null, to: NodeDefinition): void {
    const cut = this.#edges.filter(
      (edge) => edge.from.node === from.id && edge.to.node === to.id && (way === null || edge.from.port === way),
    );
    if (cut.length === 0) {
      const [a, b] = [from.title ?? from.id, to.title ?? to.id];
      return this.#refuse(`"${a}" e "${b}" não estão ligados.`, `"${a}" and "${b}" are not connected.`);
    }
    this.#edges = this.#edges.filter((edge) => !cut.includes(edge));
  }

  #draw(from: EdgeDefinition['from'], target: string, port = 'in'): void {
    const to = { node: target, port };
    const id = edgeIdOf({ from, to });
    if (!this.#edges.some((edge) => edge.id === id)) this.#edges.push({ id, from, to });
  }

  /** With what is inside it; what came before is joined to what came after. Of several ways out the usual one goes on. */
  #remove(node: NodeDefinition): void {
    const gone = new Set([node.id]);
    for (let size = 0; size !== gone.size;) {
      size = gone.size;
      for (const { id, parentId } of this.#nodes) if (parentId !== undefined && gone.has(parentId)) gone.add(id);
    }
    const locked = this.#nodes.find((each) => gone.has(each.id) && each.locked);
    if (locked) return this.#locked(locked);
    const leaving = this.#edges.filter(({ from }) => from.node === node.id && from.port !== 'error');
    const usual = leaving.filter(({ from }) => from.port === leaving[0]?.from.port);
    const arriving = this.#edges.filter(({ to }) => to.node === node.id);
    this.#nodes = this.#nodes
      .filter(({ id }) => !gone.has(id))
      .map(({ compensateWith, ...rest }) =>
        compensateWith === undefined || gone.has(compensateWith) ? rest : { ...rest, compensateWith },
      );
    this.#edges = this.#edges.filter(({ from, to }) => !gone.has(from.node) && !gone.has(to.node));
    for (const { from } of arriving)
      for (const { to } of usual) if (from.node !== to.node) this.#draw(from, to.node, to.port);
  }

  #placeFor(
    after: NodeDefinition | null,
    before: NodeDefinition | null,
    parentId: string | undefined,
  ): NodeDefinition['position'] {
    if (after) return { x: after.position.x, y: after.position.y + BELOW };
    if (before) return { ...before.position };
    const beside = this.#nodes.filter((node) => node.parentId === parentId);
    const lowest = beside.reduce((y, { position }) => Math.max(y, position.y), -BELOW);
    return { x: beside[0]?.position.x ?? 0, y: lowest + BELOW };
  }

  /** What comes after a new step moves down when the new one stands on its place. */
  #makeRoom(made: NodeDefinition): void {
    const next = new Map<string, string[]>();
    for (const { from, to } of this.#edges) next.set(from.node, [...(next.get(from.node) ?? []), to.node]);
    const after = new Set<string>();
    for (const ahead = [made.id]; ahead.length > 0;) {
      for (const id of next.get(ahead.pop() ?? '') ?? [])
        if (id !== made.id && !after.has(id)) ahead.push((after.add(id), id));
    }
    const crowded = this.#nodes.some(
      ({ id, position, parentId }) =>
        id !== made.id &&
        parentId === made.parentId &&
        Math.abs(position.x - made.position.x) < 180 &&
        position.y > made.position.y - BELOW / 2 &&
        position.y < made.position.y + BELOW * 0.8,
    );
    if (!crowded) return;
    this.#nodes = this.#nodes.map((node) =>
      after.has(node.id) && !node.locked && node.position.y >= made.position.y - BELOW / 2
        ? { ...node, position: { x: node.position.x, y: node.position.y + BELOW } }
        : node,
    );
  }
}

/** The same as the editor gives an edge that somebody draws. */
const edgeIdOf = ({ from, to }: Pick<EdgeDefinition, 'from' | 'to'>): string =>
  `e_${sha256(JSON.stringify([from.node, from.port, to.node, to.port])).slice(0, 20)}`;

/** JSON, or the text itself: whoever writes a plain word means that word. */
function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function put(value: Json | undefined, path: readonly string[], leaf: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return leaf;
  if (Array.isArray(value) && /^\d{1,4}$/.test(key)) {
    const at = Math.min(Number(key), value.length);
    return [...value.slice(0, at), put(value[at], rest, leaf), ...value.slice(at + 1)];
  }
  if (value === undefined && /^\d{1,4}$/.test(key)) return [put(undefined, rest, leaf)];
  const object = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  return { ...object, [key]: put(object[key], rest, leaf) };
}

/** An id that reads well after `steps.`: `agent.faq` gives `faq_k3x9q2`. `random` gives numbers from 0 up to, not including, 1. */
export function idsLikeTypes(random: () => number): (type: string, taken: ReadonlySet<string>) => string {
  const letters = 'abcdefghijkmnpqrstuvwxyz23456789';
  return (type, taken) => {
    const word = (type.split('.').at(-1) ?? '').replace(/[^A-Za-z0-9]/g, '').slice(0, 40) || 'step';
    for (;;) {
      const tail = Array.from({ length: 6 }, () => letters[Math.floor(random() * letters.length)]).join('');
      const id = `${word}_${tail}`;
      if (!taken.has(id) && nodeIdPattern.test(id)) return id;
    }
  };
}
