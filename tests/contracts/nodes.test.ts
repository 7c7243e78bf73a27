import { existsSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { validate } from '#engine/graph/validate.js';
import { nodeTypes, publicNodes, registry } from '#nodes/registry.js';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import type { NodeGroup, NodeType } from '#nodes/sdk/node.js';
import type { PublicNode } from '#nodes/sdk/publicNode.js';
import type { Text } from '#nodes/sdk/text.js';
import { aMessage, aNodeContext, aPassage } from '#tests/support/nodeContext.js';
import { CANARY, EVALUATED, type Played, play } from '#tests/support/playNode.js';

/** Where the nodes of a group live. */
const folders: Record<NodeGroup, string> = {
  trigger: 'triggers',
  agent: 'agents',
  logic: 'logic',
  human: 'human',
  data: 'data',
  channel: 'channels',
};
const containers = ['loop', 'forEach', 'department'];
const fileOf = (node: NodeType): string => `nodes/${folders[node.group]}/${node.type.split('.')[1]}.node.ts`;
const nodeFiles = (): string[] =>
  readdirSync('nodes', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.node.ts'))
    .map((name) => `nodes/${name.replaceAll('\\', '/')}`);
const publicOf = (node: NodeType): PublicNode => {
  const found = publicNodes().find(({ type }) => type === node.type);
  if (!found) throw new Error(`${node.type} has no public side`);
  return found;
};

describe('the registry', () => {
  it('holds every node file, and each type stands in the file and folder of its name', () => {
    expect(registry.map(fileOf).toSorted()).toEqual(nodeFiles().toSorted());
    expect(nodeTypes.size).toBe(registry.length);
  });

  it.each(registry.map((node) => [node.type, node] as const))('%s has its test beside it', (_, node) => {
    expect(existsSync(fileOf(node).replace('.node.ts', '.node.test.ts'))).toBe(true);
  });
});

it('names a field of a field, and the choices, as the form does', () => {
  const send = publicNodes().find(({ type }) => type === 'channel.send') as PublicNode;
  const bad = {
    buttons: [
      { id: 'a', title: 'Sim' },
      { id: '', title: 'Não' },
    ],
    text: 5,
  };
  const told = validate(draftOf(send, bad), [send]).problems;
  expect(told.find(({ path }) => path === 'config.buttons.1.id')?.message).toBe('Falta preencher "Botões 2 › Código".');
  const delay = publicNodes().find(({ type }) => type === 'logic.delay') as PublicNode;
  const unit = validate(draftOf(delay, { unit: 'minuts' }), [delay]).problems.find(
    ({ path }) => path === 'config.unit',
  );
  expect(unit?.message).toContain('minutos, horas, dias. Você quis dizer "minutos"?');
  expect(unit?.fix).toMatchObject({ value: 'minutes' });
});

describe.each(registry.map((node) => [node.type, node] as const))('%s', (_, node) => {
  it('belongs to its group, and has a version to migrate from when it is not the first', () => {
    expect(node.type).toMatch(/^[a-z]+\.[a-z][A-Za-z]*$/);
    expect(node.type.split('.')[0]).toBe(node.group);
    expect(Number.isInteger(node.version) && node.version >= 1).toBe(true);
    if (node.version > 1) expect(node.migrate).toBeTypeOf('function');
  });

  it('says everything in both languages', () => {
    const texts: Text[] = [node.title, node.summary, ...node.effects.map((effect) => effect.summary)];
    for (const port of [...node.inputs, ...node.outputs]) texts.push(port.title);
    for (const one of texts) expectBoth(one);
    expect(node.summary['pt-BR']).toMatch(/[.]$/);
    expect(node.summary.en).toMatch(/[.]$/);
  });

  it('has an icon that lucide knows', () => {
    expect(existsSync(`node_modules/lucide-react/dist/esm/icons/${node.icon}.mjs`)).toBe(true);
  });

  it('describes every field of its config to the form', () => {
    for (const [path, one] of fieldsOf(publicOf(node).config)) {
      expect(at(one, ['ui']), `${path} carries no .meta(field(…))`).toBeTypeOf('object');
      expectBoth(at(one, ['title']));
      expectBoth(at(one, ['description']));
      const options = at(one, ['ui', 'options']) ?? {};
      for (const label of Object.values(options)) expectBoth(label);
      const values = at(one, ['enum']) ?? at(one, ['items', 'enum']) ?? [];
      expect(Object.keys(options).toSorted()).toEqual(Object.values(values).toSorted());
    }
  });

  it('is told what is wrong with it by the names that its form shows', () => {
    const type = publicOf(node);
    for (const [name, one] of Object.entries(at(type.config, ['properties']) ?? {}) as [string, Json][]) {
      const title = at(one, ['title']) as unknown as Text;
      // No field takes this: what is required is missing, what is there is of no type or none of the choices.
      const config = { [name]: { never: 1 } };
      for (const locale of ['pt-BR', 'en'] as const) {
        const { problems } = validate(draftOf(type, config), [type], { locale });
        const told = problems.filter(({ code, path }) => code.startsWith('config.') && path === `config.${name}`);
        for (const { message } of told) expect(message).toContain(`"${title[locale]}`);
        if (told.length > 0 && title[locale] !== name) expect(told[0]?.message).not.toContain(`"${name}"`);
      }
    }
  });

  it('travels as JSON, without its code', () => {
    const sent: unknown = JSON.parse(JSON.stringify(publicOf(node)));
    expect(sent).toEqual(publicOf(node));
    expect(sent).not.toHaveProperty('run');
  });

  it('is nearly valid when it is dropped on the canvas: at most one field is left to fill in', () => {
    const parsed = node.config.safeParse({});
    const missing = parsed.error?.issues.map((issue) => issue.path.join('.')) ?? [];
    expect(missing.length).toBeLessThanOrEqual(1);
    expect(missing).toEqual(publicOf(node).config['required'] ?? []);
  });

  it('refuses config that it does not know', () => {
    expect(node.config.safeParse({ somethingElse: 1 }).error?.issues.map(({ code }) => code)).toContain(
      'unrecognized_keys',
    );
  });

  it('has ports of different names, none of them the error port', () => {
    const names = node.outputs.map((port) => port.name);
    expect(names.length + (node.outputsFrom ? 1 : 0)).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain('error');
    expect(new Set(node.inputs.map((port) => port.name)).size).toBe(node.inputs.length);
    expect(node.inputs.length === 0).toBe(node.kind === 'trigger');
  });

  it('takes the names of the ways out that an author draws as they are written', () => {
    if (!node.outputsFrom) return;
    const { field, nameKey, titleKey } = node.outputsFrom;
    const item = at(publicOf(node).config, ['properties', field, 'items', 'properties']);
    for (const key of [nameKey, titleKey]) expect(at(item, [key, 'ui', 'literal'])).toBe(true);
  });

  it('has a run, unless the engine runs its body', () => {
    expect(node.run === undefined).toBe(containers.includes(node.kind));
  });
});

describe.each(registry.filter((node) => node.run).map((node) => [node.type, node] as const))(
  '%s at work',
  (_, node) => {
    let seen: Played;
    beforeAll(async () => {
      seen = await play(node, publicOf(node));
    });

    it('leaves by a port it has, with a value of that port, or fails in a way it understands', () => {
      expect(seen.left.size).toBeGreaterThan(0);
      for (const port of node.outputs) if (node.type !== 'agent.whatsapp') expect([...seen.left]).toContain(port.name);
    });

    it('names the capabilities it touches, all of them and no others', () => {
      expect([...seen.touched].toSorted()).toEqual([...node.needs].toSorted());
    });

    it('evaluates nothing that came as data', () => {
      const carriesData = !['trigger.schedule', 'logic.delay'].includes(node.type);
      expect(seen.everything.includes(CANARY)).toBe(carriesData);
      expect(seen.everything.includes(EVALUATED)).toBe(false);
    });

    it('keeps what customers, contacts and documents say out of its instructions to a model', () => {
      expect(seen.chats.length > 0).toBe(node.needs.includes('models'));
      for (const chat of seen.chats) {
        expect(chat.instructions).not.toMatch(/customer-canary|history-canary|passage-canary|name-canary/);
      }
    });

    it('does nothing once the run is canceled', async () => {
      if (!['models', 'channel', 'http'].some((each) => node.needs.includes(each as 'http'))) return;
      const context = aNodeContext().trigger(aMessage('oi')).passages(aPassage('p', 'x')).abort();
      const config = sampleOf(node);
      await expect(context.run(node, config)).rejects.toThrow('canceled');
      expect(context.world).toMatchObject({ chats: [], handoffs: [], questions: [], requests: [] });
      expect(context.world.sent.size).toBe(0);
    });
  },
);

const draftOf = ({ type, version }: PublicNode, config: JsonObject): JsonObject => ({
  format: 1,
  nodes: [{ id: 'it', type, version, config, position: { x: 0, y: 0 } }],
  edges: [],
  settings: {},
});

/** A config with its required fields filled in. */
function sampleOf(node: NodeType): JsonObject {
  const schema = publicOf(node).config;
  const filled: Record<string, Json> = {
    question: 'Pode ser?',
    condition: true,
    text: 'Oi',
    message: 'Oi',
    url: 'https://a.example',
  };
  return Object.fromEntries(Object.entries(filled).filter(([name]) => at(schema, ['properties', name]) !== undefined));
}

function expectBoth(one: unknown): void {
  expect(one).toEqual({ 'pt-BR': expect.stringMatching(/\S/), en: expect.stringMatching(/\S/) });
  const { 'pt-BR': portuguese, en } = one as Text;
  expect(portuguese).not.toBe(en);
}

/** Every property of a config, at every depth, by its path; below an expression there is no form. */
function* fieldsOf(schema: Json | undefined, above = ''): Generator<readonly [string, Json]> {
  for (const [name, one] of Object.entries(at(schema, ['properties']) ?? {}) as [string, Json][]) {
    const path = `${above}${name}`;
    yield [path, one];
    if (at(one, ['ui', 'control']) === 'expression') continue;
    yield* fieldsOf(one, `${path}.`);
    yield* fieldsOf(at(one, ['items']), `${path}[].`);
  }
}

function at(value: Json | undefined, path: readonly string[]): Json | undefined {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined;
    found = found[key];
  }
  return found;
}
