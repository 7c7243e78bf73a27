import type { JsonObject } from '#nodes/sdk/json.js';
import type { PublicNode } from '#nodes/sdk/publicNode.js';
import type { Text } from '#nodes/sdk/text.js';
import { nodeIdPattern, type Definition, type NodeDefinition } from '../definition.js';
import type { Change } from './change.js';
import { Drawing, type FreshId } from './drawing.js';
import { joined, swapped, usualWay } from './edges.js';
import { placeFor } from './places.js';
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
  freshId: FreshId,
): Applied {
  const work = new Work(definition, nodeTypes, freshId);
  for (const one of changes) work.do(one);
  return { definition: work.result(), refusals: work.refusals };
}

class Work extends Drawing {
  do(change: Change): void {
    switch (change.do) {
      case 'add':
        return this.#add(change);
      case 'remove':
        return this.with(change.step, (node) => this.#remove(node));
      case 'move':
        return this.with(change.step, (node) => this.#move(node, change));
      case 'swap':
        return this.with(change.step, (node) => this.with(change.with, (other) => this.#swap(node, other)));
      case 'duplicate':
        return this.with(change.step, (node) => this.#duplicate(node, change));
      case 'errors':
        return this.with(change.step, (node) => this.replace({ ...node, onError: change.how }));
      case 'connect':
        return this.with(change.from, (from) => this.with(change.to, (to) => this.#connect(from, change.way, to)));
      case 'disconnect':
        return this.with(change.from, (from) => this.with(change.to, (to) => this.#disconnect(from, change.way, to)));
      case 'rename':
        return this.with(change.step, (node) => this.replace({ ...node, title: change.title.trim() }));
      case 'set':
        return this.with(change.step, (node) => this.replace(this.#set(node, change.settings)));
    }
  }

  #set(node: NodeDefinition, settings: Settings): NodeDefinition {
    const { config, refused } = withSettings(node.config as JsonObject, settings);
    for (const field of refused) this.refuse(`"${field}" não é um ajuste.`, `"${field}" is no setting.`);
    return { ...node, config: config as NodeDefinition['config'] };
  }

  #add(change: Extract<Change, { do: 'add' }>): void {
    const type = this.types.get(change.type);
    if (!type) {
      this.refuse(`Não existe um passo do tipo "${change.type}".`, `There is no kind of step "${change.type}".`);
      return;
    }
    if (this.find(change.id)) {
      this.refuse(`Já tem um passo "${change.id}".`, `There is a step "${change.id}" already.`);
      return;
    }
    const [after, before, inside] = [change.after, change.before, change.inside].map((name) =>
      name === null ? null : this.find(name),
    );
    for (const [name, found] of [
      [change.after, after],
      [change.before, before],
      [change.inside, inside],
    ] as const)
      if (found === undefined) return this.refuse(`Não tem um passo "${name}".`, `There is no step "${name}".`);
    const isTrigger = type.kind === 'trigger';
    if (isTrigger && after)
      return this.refuse(
        'Nada vem antes de um passo que começa o trabalho.',
        'Nothing comes before a step that starts the work.',
      );
    const parentId = isTrigger ? undefined : (after?.parentId ?? before?.parentId ?? inside?.id);
    const id = this.freshId(change.type, new Set([...this.nodes.map((node) => node.id), ...this.names.keys()]));
    this.names.set(change.id, id);
    const bare: NodeDefinition = {
      id,
      type: change.type,
      version: type.version,
      config: {},
      position: placeFor(this.nodes, after ?? null, before ?? null, parentId),
      ...(change.title?.trim() && { title: change.title.trim() }),
      ...(parentId && { parentId }),
    };
    const node = this.#set(bare, change.settings);
    this.nodes.push(node);
    this.join(node, type, after ?? null, change.way, before ?? null);
  }

  /** The steps that a change names as the place of another; `null` when one of them is not there, which is refused. */
  #place(
    change: { readonly after: string | null; readonly before: string | null },
    itself: NodeDefinition | null,
  ): { readonly after: NodeDefinition | null; readonly before: NodeDefinition | null } | null {
    const [after, before] = [change.after, change.before].map((name) => (name === null ? null : this.find(name)));
    const missing = after === undefined ? change.after : before === undefined ? change.before : null;
    if (missing !== null) this.refuse(`Não tem um passo "${missing}".`, `There is no step "${missing}".`);
    else if (!after && !before) this.refuse('Faltou dizer pra onde.', 'It does not say where to.');
    else if (itself && [after, before].some((each) => each && this.isIn(each, itself))) {
      const title = itself.title ?? itself.id;
      this.refuse(`"${title}" não pode ficar em volta de si mesmo.`, `"${title}" cannot stand around itself.`);
    } else return { after: after ?? null, before: before ?? null };
    return null;
  }

  /** Steps that begin the work, and locked ones, stay where they are. */
  #canMove(node: NodeDefinition): boolean {
    if (node.locked) this.locked(node);
    else if (this.types.get(node.type)?.kind === 'trigger') {
      const title = node.title ?? node.id;
      this.refuse(
        `"${title}" começa o trabalho e fica onde está.`,
        `"${title}" starts the work and stays where it is.`,
      );
    } else return true;
    return false;
  }

  #move(node: NodeDefinition, change: Extract<Change, { do: 'move' }>): void {
    const type = this.types.get(node.type);
    const place = this.#canMove(node) && this.#place(change, node);
    if (!type || !place) return;
    const { after, before } = place;
    const leads = (from: NodeDefinition, to: NodeDefinition): boolean =>
      this.edges.some((edge) => edge.from.node === from.id && edge.to.node === to.id);
    const intoBefore = before ? this.edges.filter(({ to }) => to.node === before.id) : [];
    const isThere = after
      ? leads(after, node) && (!before || leads(node, before)) && change.way === null
      : intoBefore.length > 0 && intoBefore.every(({ from }) => from.node === node.id);
    if (isThere) {
      const [title, there] = [node.title ?? node.id, (after ?? before)?.title ?? (after ?? before)?.id];
      return this.refuse(
        `"${title}" já está ${after ? 'depois' : 'antes'} de "${there}".`,
        `"${title}" is ${after ? 'after' : 'before'} "${there}" already.`,
      );
    }
    const { parentId: _, ...rest } = node;
    const parentId = after?.parentId ?? before?.parentId;
    const towards = [after, before].flatMap((each) => (each ? [each.id] : []));
    const on = usualWay(this.edges, node, this.waysOf(node), towards) ?? null;
    this.edges = joined(this.edges, node.id, on);
    const moved = { ...rest, position: placeFor(this.nodes, after, before, parentId), ...(parentId && { parentId }) };
    this.nodes = this.nodes.map((each) => (each.id === node.id ? moved : each));
    this.join(moved, type, after, change.way, before, on);
  }

  #swap(node: NodeDefinition, other: NodeDefinition): void {
    if (!this.#canMove(node) || !this.#canMove(other)) return;
    const [a, b] = [node.title ?? node.id, other.title ?? other.id];
    if (this.isIn(node, other) || this.isIn(other, node))
      return this.refuse(`"${a}" e "${b}" não podem trocar de lugar.`, `"${a}" and "${b}" cannot change places.`);
    const ways = [
      usualWay(this.edges, node, this.waysOf(node), [other.id]),
      usualWay(this.edges, other, this.waysOf(other), [node.id]),
    ];
    this.edges = swapped(this.edges, [node.id, ways[0]], [other.id, ways[1]]);
    const at = ({ position, parentId }: NodeDefinition) => ({ position, ...(parentId && { parentId }) });
    const put = (each: NodeDefinition, there: NodeDefinition): NodeDefinition => {
      const { parentId: _, ...rest } = each;
      return { ...rest, ...at(there) };
    };
    this.nodes = this.nodes.map((each) =>
      each.id === node.id ? put(node, other) : each.id === other.id ? put(other, node) : each,
    );
  }

  #duplicate(node: NodeDefinition, change: Extract<Change, { do: 'duplicate' }>): void {
    const type = this.types.get(node.type);
    const title = node.title ?? node.id;
    if (!type || type.kind === 'trigger')
      return this.refuse(
        `"${title}" começa o trabalho, e a cópia não teria depois de quem ficar. No quadro dá: escolha o passo e tecle Ctrl+D.`,
        `"${title}" starts the work, and a copy of it would follow no step. On the canvas it can be copied: choose the step and press Ctrl+D.`,
      );
    if (this.nodes.some(({ parentId }) => parentId === node.id))
      return this.refuse(
        `"${title}" tem passos dentro, e a cópia daqui viria sem eles. No quadro vem com tudo: escolha o passo e tecle Ctrl+D.`,
        `"${title}" has steps inside, and a copy made here would come without them. On the canvas it comes with all: choose the step and press Ctrl+D.`,
      );
    const isBeside = change.after === null && change.before === null;
    const place = this.#place(isBeside ? { after: node.id, before: null } : change, null);
    if (!place) return;
    const { locked: _, parentId: __, ...rest } = node;
    const parentId = place.after?.parentId ?? place.before?.parentId;
    const taken = new Set([...this.nodes.map((each) => each.id), ...this.names.keys()]);
    const copy: NodeDefinition = {
      ...rest,
      id: this.freshId(node.type, taken),
      position: placeFor(this.nodes, place.after, place.before, parentId),
      ...(change.title?.trim() && { title: change.title.trim() }),
      ...(parentId && { parentId }),
    };
    this.names.set(change.id, copy.id);
    this.nodes.push(copy);
    this.join(copy, type, place.after, change.way, place.before);
  }

  #connect(from: NodeDefinition, way: string | null, to: NodeDefinition): void {
    const port = this.wayOut(from, way, to);
    if (port !== null) this.draw({ node: from.id, port }, to.id);
  }

  #disconnect(from: NodeDefinition, way: string | null, to: NodeDefinition): void {
    const cut = this.edges.filter(
      (edge) => edge.from.node === from.id && edge.to.node === to.id && (way === null || edge.from.port === way),
    );
    if (cut.length === 0) {
      const [a, b] = [from.title ?? from.id, to.title ?? to.id];
      return this.refuse(`"${a}" e "${b}" não estão ligados.`, `"${a}" and "${b}" are not connected.`);
    }
    this.edges = this.edges.filter((edge) => !cut.includes(edge));
  }

  /** With what is inside it; what came before is joined to what came after. Of several ways out the usual one goes on. */
  #remove(node: NodeDefinition): void {
    const gone = new Set([node.id]);
    for (let size = 0; size !== gone.size;) {
      size = gone.size;
      for (const { id, parentId } of this.nodes) if (parentId !== undefined && gone.has(parentId)) gone.add(id);
    }
    const locked = this.nodes.find((each) => gone.has(each.id) && each.locked);
    if (locked) return this.locked(locked);
    this.nodes = this.nodes
      .filter(({ id }) => !gone.has(id))
      .map(({ compensateWith, ...rest }) =>
        compensateWith === undefined || gone.has(compensateWith) ? rest : { ...rest, compensateWith },
      );
    const usual = usualWay(this.edges, node, this.waysOf(node)) ?? null;
    this.edges = joined(this.edges, node.id, usual).filter(
      ({ from, to }) => !gone.has(from.node) && !gone.has(to.node),
    );
  }
}

/** An id that reads well after `steps.`: `agent.faq` gives `faq_k3x9q2`. `random` gives numbers from 0 up to, not including, 1. */
export function idsLikeTypes(random: () => number): FreshId {
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
