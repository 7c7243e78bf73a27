import type { JsonObject } from '#nodes/sdk/json.js';
import type { PublicNode } from '#nodes/sdk/publicNode.js';
import { words, type Text } from '#nodes/sdk/text.js';
import { nodeIdPattern, type Definition, type EdgeDefinition, type NodeDefinition } from '../definition.js';
import { outputsOf } from '../ports.js';
import type { Change } from './change.js';
import { edgeBetween, joined, swapped, usualWay } from './edges.js';
import { placeFor, withRoomFor } from './places.js';
import { withSettings, type Settings } from './settings.js';

export interface Applied {
  readonly definition: Definition;
  /** Why some of it could not be done, in the order of the changes. */
  readonly refusals: readonly Text[];
}

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
      case 'move':
        return this.#with(change.step, (node) => this.#move(node, change));
      case 'swap':
        return this.#with(change.step, (node) => this.#with(change.with, (other) => this.#swap(node, other)));
      case 'duplicate':
        return this.#with(change.step, (node) => this.#duplicate(node, change));
      case 'errors':
        return this.#with(change.step, (node) => this.#replace({ ...node, onError: change.how }));
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

  #set(node: NodeDefinition, settings: Settings): NodeDefinition {
    const { config, refused } = withSettings(node.config as JsonObject, settings);
    for (const field of refused) this.#refuse(`"${field}" não é um ajuste.`, `"${field}" is no setting.`);
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
      position: placeFor(this.#nodes, after ?? null, before ?? null, parentId),
      ...(change.title?.trim() && { title: change.title.trim() }),
      ...(parentId && { parentId }),
    };
    const node = this.#set(bare, change.settings);
    this.#nodes.push(node);
    this.#join(node, type, after ?? null, change.way, before ?? null);
  }

  /** The steps that a change names as the place of another; `null` when one of them is not there, which is refused. */
  #place(
    change: { readonly after: string | null; readonly before: string | null },
    itself: NodeDefinition | null,
  ): { readonly after: NodeDefinition | null; readonly before: NodeDefinition | null } | null {
    const [after, before] = [change.after, change.before].map((name) => (name === null ? null : this.#find(name)));
    const missing = after === undefined ? change.after : before === undefined ? change.before : null;
    if (missing !== null) this.#refuse(`Não tem um passo "${missing}".`, `There is no step "${missing}".`);
    else if (!after && !before) this.#refuse('Faltou dizer pra onde.', 'It does not say where to.');
    else if (itself && [after, before].some((each) => each && this.#isIn(each, itself))) {
      const title = itself.title ?? itself.id;
      this.#refuse(`"${title}" não pode ficar em volta de si mesmo.`, `"${title}" cannot stand around itself.`);
    } else return { after: after ?? null, before: before ?? null };
    return null;
  }

  /** Whether a step is another one, or stands inside it. */
  #isIn(node: NodeDefinition, other: NodeDefinition): boolean {
    let at: NodeDefinition | undefined = node;
    for (let levels = 0; at && levels < 100; levels += 1) {
      if (at.id === other.id) return true;
      const { parentId } = at as NodeDefinition;
      at = this.#nodes.find(({ id }) => id === parentId);
    }
    return false;
  }

  /** Steps that begin the work, and locked ones, stay where they are. */
  #canMove(node: NodeDefinition): boolean {
    if (node.locked) this.#locked(node);
    else if (this.#types.get(node.type)?.kind === 'trigger') {
      const title = node.title ?? node.id;
      this.#refuse(
        `"${title}" começa o trabalho e fica onde está.`,
        `"${title}" starts the work and stays where it is.`,
      );
    } else return true;
    return false;
  }

  #move(node: NodeDefinition, change: Extract<Change, { do: 'move' }>): void {
    const type = this.#types.get(node.type);
    const place = this.#canMove(node) && this.#place(change, node);
    if (!type || !place) return;
    const { after, before } = place;
    const leads = (from: NodeDefinition, to: NodeDefinition): boolean =>
      this.#edges.some((edge) => edge.from.node === from.id && edge.to.node === to.id);
    const intoBefore = before ? this.#edges.filter(({ to }) => to.node === before.id) : [];
    const isThere = after
      ? leads(after, node) && (!before || leads(node, before)) && change.way === null
      : intoBefore.length > 0 && intoBefore.every(({ from }) => from.node === node.id);
    if (isThere) {
      const [title, there] = [node.title ?? node.id, (after ?? before)?.title ?? (after ?? before)?.id];
      return this.#refuse(
        `"${title}" já está ${after ? 'depois' : 'antes'} de "${there}".`,
        `"${title}" is ${after ? 'after' : 'before'} "${there}" already.`,
      );
    }
    const { parentId: _, ...rest } = node;
    const parentId = after?.parentId ?? before?.parentId;
    const towards = [after, before].flatMap((each) => (each ? [each.id] : []));
    const on = usualWay(this.#edges, node, this.#waysOf(node), towards) ?? null;
    this.#edges = joined(this.#edges, node.id, on);
    const moved = { ...rest, position: placeFor(this.#nodes, after, before, parentId), ...(parentId && { parentId }) };
    this.#nodes = this.#nodes.map((each) => (each.id === node.id ? moved : each));
    this.#join(moved, type, after, change.way, before, on);
  }

  #swap(node: NodeDefinition, other: NodeDefinition): void {
    if (!this.#canMove(node) || !this.#canMove(other)) return;
    const [a, b] = [node.title ?? node.id, other.title ?? other.id];
    if (this.#isIn(node, other) || this.#isIn(other, node))
      return this.#refuse(`"${a}" e "${b}" não podem trocar de lugar.`, `"${a}" and "${b}" cannot change places.`);
    const ways = [
      usualWay(this.#edges, node, this.#waysOf(node), [other.id]),
      usualWay(this.#edges, other, this.#waysOf(other), [node.id]),
    ];
    this.#edges = swapped(this.#edges, [node.id, ways[0]], [other.id, ways[1]]);
    const at = ({ position, parentId }: NodeDefinition) => ({ position, ...(parentId && { parentId }) });
    const put = (each: NodeDefinition, there: NodeDefinition): NodeDefinition => {
      const { parentId: _, ...rest } = each;
      return { ...rest, ...at(there) };
    };
    this.#nodes = this.#nodes.map((each) =>
      each.id === node.id ? put(node, other) : each.id === other.id ? put(other, node) : each,
    );
  }

  #duplicate(node: NodeDefinition, change: Extract<Change, { do: 'duplicate' }>): void {
    const type = this.#types.get(node.type);
    const title = node.title ?? node.id;
    if (!type || type.kind === 'trigger' || this.#nodes.some(({ parentId }) => parentId === node.id))
      return this.#refuse(
        `"${title}" não dá pra copiar assim. No quadro dá: escolha o passo e tecle Ctrl+D.`,
        `"${title}" cannot be copied this way. On the canvas it can: choose the step and press Ctrl+D.`,
      );
    const isBeside = change.after === null && change.before === null;
    const place = this.#place(isBeside ? { after: node.id, before: null } : change, null);
    if (!place) return;
    const { locked: _, parentId: __, ...rest } = node;
    const parentId = place.after?.parentId ?? place.before?.parentId;
    const taken = new Set([...this.#nodes.map((each) => each.id), ...this.#names.keys()]);
    const copy: NodeDefinition = {
      ...rest,
      id: this.#freshId(node.type, taken),
      position: placeFor(this.#nodes, place.after, place.before, parentId),
      ...(change.title?.trim() && { title: change.title.trim() }),
      ...(parentId && { parentId }),
    };
    this.#names.set(change.id, copy.id);
    this.#nodes.push(copy);
    this.#join(copy, type, place.after, change.way, place.before);
  }

  #waysOf(node: NodeDefinition): readonly string[] {
    const type = this.#types.get(node.type);
    return type ? outputsOf(type, node.config, node.onError).map(({ name }) => name) : [];
  }

  /** Between what it follows and what followed that; or in front of what it leads to. `along`: the way out that goes on, where it is not the first. */
  #join(
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
    this.#nodes = withRoomFor(this.#nodes, this.#edges, node);
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
    const edge = edgeBetween(from, to);
    // One that was drawn elsewhere may have an id of its own.
    const ends = (each: EdgeDefinition): string => edgeBetween(each.from, each.to).id;
    if (!this.#edges.some((each) => ends(each) === edge.id)) this.#edges = [...this.#edges, edge];
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
    this.#nodes = this.#nodes
      .filter(({ id }) => !gone.has(id))
      .map(({ compensateWith, ...rest }) =>
        compensateWith === undefined || gone.has(compensateWith) ? rest : { ...rest, compensateWith },
      );
    const usual = usualWay(this.#edges, node, this.#waysOf(node)) ?? null;
    this.#edges = joined(this.#edges, node.id, usual).filter(
      ({ from, to }) => !gone.has(from.node) && !gone.has(to.node),
    );
  }
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
