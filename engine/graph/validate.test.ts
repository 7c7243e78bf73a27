import { publicNodes } from '#nodes/registry.js';
import { describe, expect, it } from 'vitest';
import type { Definition, Problem } from './definition.js';
import { limits } from './definition.js';
import { problemCodes } from './problemCodes.js';
import type { Known } from './rules/rule.js';
import { goodGraph, graph, type GraphBuilder } from './testing/graph.js';
import { nodeTypes } from './testing/nodes.js';
import { validate } from './validate.js';

const problemsOf = (definition: unknown): readonly Problem[] => validate(definition, nodeTypes).problems;
const found = (definition: Definition | GraphBuilder, code: string): Problem[] =>
  problemsOf('build' in definition ? definition.build() : definition).filter((problem) => problem.code === code);
const codes = (definition: GraphBuilder): string[] => problemsOf(definition.build()).map((problem) => problem.code);

/** `start`, then the given node, then nothing. */
const one = (type: string, config: Record<string, unknown> = {}, parts: object = {}): GraphBuilder =>
  graph().node('start', 'trigger.message').node('it', type, config, parts).edges('start>it');

it('finds nothing wrong with a good definition, and gives it back', () => {
  const good = goodGraph().build();
  expect(validate(good, nodeTypes)).toEqual({ definition: good, problems: [] });
});

it('gives a draft with problems back, and nothing when the shape is wrong', () => {
  expect(validate(one('data.search').build(), nodeTypes).definition).not.toBeNull();
  expect(validate({ ...goodGraph().build(), format: 2 }, nodeTypes).definition).toBeNull();
});

it('speaks the language asked for, Brazilian Portuguese unless asked', () => {
  const bad = graph().node('it', 'data.serch').build();
  expect(problemsOf(bad)[0]?.message).toBe(
    'Não conhecemos o tipo "data.serch". Você quis dizer "data.search"? Troque o passo.',
  );
  expect(validate(bad, nodeTypes, { locale: 'en' }).problems[0]?.message).toContain('Did you mean "data.search"?');
});

it('returns all problems at once', () => {
  const bad = one('agent.write', { instructions: '', tone: 'cold' }).edges('start>gone', 'it.nope>start');
  expect(new Set(codes(bad))).toEqual(
    new Set([
      'config.required',
      'config.not_a_choice',
      'edge.missing_node',
      'edge.missing_output',
      'edge.into_trigger',
      'cycle',
    ]),
  );
});

it('keeps every message in both languages without a hole in it', () => {
  for (const { text } of Object.values(problemCodes)) {
    const holes = (message: string): string[] =>
      [...message.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();
    expect(holes(text.en)).toEqual(holes(text['pt-BR']));
  }
});

describe('shape', () => {
  it('names missing, unknown and wrong fields with their node and path', () => {
    const { format, edges, settings, nodes } = goodGraph().build();
    const broken = {
      format,
      edges,
      settings,
      nodes: [...nodes, { id: 'x', type: 3, config: {}, extra: 1, version: 1, position: { x: 0 } }],
    };
    expect(problemsOf(broken).map(({ code, nodeId, path }) => [code, nodeId, path])).toEqual([
      ['shape.invalid', 'x', 'type'],
      ['shape.missing_field', 'x', 'position.y'],
      ['shape.unknown_field', 'x', 'extra'],
    ]);
  });

  it('takes anything', () => {
    for (const value of [null, undefined, 0, 'x', [], {}, { nodes: 3 }, { nodes: [null], edges: [[]] }]) {
      expect(problemsOf(value).length).toBeGreaterThan(0);
    }
  });

  it('refuses ids with other characters', () => {
    expect(found(one('data.search', { query: 'x' }).node('a b', 'data.search'), 'shape.invalid')[0]).toMatchObject({
      nodeId: 'a b',
      path: 'id',
    });
  });
});

describe('ids', () => {
  it('of nodes are unique', () => {
    expect(found(goodGraph().node('search', 'logic.if', { condition: true }), 'id.duplicate_node')[0]?.nodeId).toBe(
      'search',
    );
  });
  it('of edges are unique', () => {
    expect(found(goodGraph().edges('start>search'), 'id.duplicate_edge')[0]?.edgeId).toBe('start>search');
  });
  it('are not reserved words', () => {
    expect(found(goodGraph().node('in', 'logic.if', { condition: true }), 'id.reserved')[0]?.nodeId).toBe('in');
    expect(found(graph().node('trigger', 'trigger.message'), 'id.reserved')).toEqual([]);
  });
});

describe('types', () => {
  it('are known', () =>
    expect(found(one('data.nope'), 'type.unknown')[0]).toMatchObject({ nodeId: 'it', path: 'type' }));
  it('are of a known version', () => {
    expect(found(one('data.search', { query: 'x' }, { version: 2 }), 'type.unknown_version')[0]?.message).toContain(
      'a mais nova é a 1',
    );
  });
});

describe('config', () => {
  const issues = (type: string, config: Record<string, unknown>): unknown[] =>
    problemsOf(one(type, config).build()).map(({ code, path, fix }) => [
      code,
      path,
      ...(fix && 'value' in fix ? [fix.value] : []),
    ]);

  it('has what is required', () => expect(issues('data.search', {})).toEqual([['config.required', 'config.query']]));
  it('has no other fields', () => {
    expect(issues('data.search', { query: 'x', limite: 3 })).toEqual([['config.unknown_field', 'config.limite']]);
    expect(found(one('data.search', { query: 'x', limite: 3 }), 'config.unknown_field')[0]?.message).toContain(
      '"limit"?',
    );
  });
  it('has values of the right type', () => {
    expect(issues('data.search', { query: 3 })).toEqual([['config.wrong_type', 'config.query']]);
    expect(issues('data.search', { query: 'x', limit: 1.5 })).toEqual([['config.wrong_type', 'config.limit']]);
  });
  it('keeps to its limits', () => {
    expect(issues('data.search', { query: 'x', limit: 21 })).toEqual([['config.too_big', 'config.limit']]);
    expect(issues('data.search', { query: 'x', limit: 0 })).toEqual([['config.too_small', 'config.limit']]);
    expect(issues('channel.send', { text: 'a'.repeat(20_001) })).toEqual([['channel.text_long', 'config.text']]);
  });
  it('takes one of the choices, and mends a slip', () => {
    expect(issues('agent.write', { instructions: 'x', tone: 'wram' })).toEqual([
      ['config.not_a_choice', 'config.tone', 'warm'],
    ]);
  });
  it('takes no expression where it is used as written', () => {
    expect(issues('logic.switch', { cases: [{ name: '{{ trigger.text }}', title: 'x' }] })).toEqual([
      ['config.literal', 'config.cases.0.name'],
    ]);
  });
});

describe('expressions', () => {
  /** Problems of an expression in a text field of a node below `search`. */
  const inText = (text: string, more: GraphBuilder = graph()): string[] => {
    const { nodes, edges } = more.build();
    const base = graph()
      .node('start', 'trigger.message')
      .node('search', 'data.search', { query: 'x' })
      .node('it', 'agent.write', { instructions: text })
      .edges('start>search', 'search>it')
      .build();
    return problemsOf({ ...base, nodes: [...base.nodes, ...nodes], edges: [...base.edges, ...edges] })
      .filter(({ severity }) => severity === 'error')
      .map(({ code }) => code.replace('expression.', ''));
  };

  it.each([
    ['{{ trigger.text', 'unclosed'],
    ['{{ trigger. }}', 'syntax'],
    ['{{ triger.text }}', 'unknown_name'],
    ['{{ trigger.texto }}', 'unknown_field'],
    ['{{ trigger.contact.email }}', 'unknown_field'],
    ['{{ contact.nome }}', 'unknown_field'],
    ['{{ steps.search.passages[0].titulo }}', 'unknown_field'],
    ['{{ steps.search.passages.map(p, p.titulo).join("") }}', 'unknown_field'],
    ['{{ steps.serch.passages }}', 'step_unknown'],
    ['{{ trigger.buttonId }}', 'may_be_missing'],
    ['{{ steps.search.best.title }}', 'may_be_missing'],
    ['{{ contact.name }}', 'may_be_null'],
    ['{{ contact.name + "!" }}', 'may_be_null'],
    ['{{ steps.search.passages }}', 'wrong_type'],
    ['{{ size(trigger.text) }}', 'wrong_type'],
    ['{{ trigger.text + 1 }}', 'wrong_operands'],
    ['{{ trigger.text.contains(1) }}!', 'wrong_argument'],
    ['{{ trigger.kind == "texto" }}!', 'never_equal'],
    ['{{ trigger.text == 3 }}!', 'never_equal'],
    ['{{ trigger.text.map(x, x) }}!', 'not_list'],
    ['{{ trigger.text.first }}!', 'not_fields'],
    ['{{ trigger.text.shout() }}', 'unknown_function'],
    ['{{ item }}', 'only_in_loop'],
    ['{{ trigger.constructor }}', 'forbidden_name'],
  ])('%s is a problem: %s', (text, code) => expect(inText(text)).toEqual([code]));

  it.each([
    '{{ trigger.text }}',
    'Oi {{ contact.name }}, {{ trigger.contact.name }}',
    '{{ coalesce(contact.name, "amigo") }}',
    '{{ contact.?name.orValue("amigo") }}',
    '{{ has(contact.name) ? contact.name : "amigo" }}',
    '{{ contact.name != null && contact.name.startsWith("A") ? contact.name : "x" }}',
    '{{ contact.name == null || size(contact.name) == 0 ? "x" : contact.name }}!',
    '{{ coalesce(trigger.buttonId, "nenhum") }}',
    '{{ has(trigger.buttonId) && trigger.buttonId == "ok" }}!',
    '{{ trigger.kind == "text" }}!',
    '{{ coalesce(steps.search.best.title, "") }}',
    '{{ contact.attributes.city }}',
    '{{ steps.search.passages.filter(p, p.score > 0.5).map(p, p.title).join(", ") }}',
    '{{ string(size(trigger.text) + 1) }}',
    '{{ hour(now(), organization.timezone) < 12 ? "Bom dia" : "Boa tarde" }}',
    '{{ cel.bind(t, trigger.text.trim(), t + t) }}',
  ])('%s is fine', (text) => expect(inText(text)).toEqual([]));

  it('are mended by a fix when the name is nearly right', () => {
    const [problem] = found(one('agent.write', { instructions: 'Oi {{ trigger.txet }}' }), 'expression.unknown_field');
    expect(problem).toMatchObject({
      nodeId: 'it',
      path: 'config.instructions',
      fix: { kind: 'setConfig', nodeId: 'it', path: 'config.instructions', value: 'Oi {{ trigger.text }}' },
    });
    expect(problem?.message).toContain('"text"?');
  });

  it('must fit the field where they stand', () => {
    const branch = (condition: string): string[] => codes(one('logic.if', { condition }));
    expect(branch('{{ trigger.kind == "text" }}')).toEqual([]);
    expect(branch('{{ trigger.text }}')).toEqual(['expression.wrong_type']);
    expect(branch('{{ true }}!')).toEqual(['expression.wrong_type']);
    expect(codes(one('agent.write', { instructions: 'x', tone: '{{ trigger.text }}' }))).toEqual([]);
    expect(codes(one('agent.write', { instructions: 'x', tone: '{{ true ? "cold" : "short" }}' }))).toEqual([
      'expression.wrong_type',
    ]);
    expect(codes(one('agent.write', { instructions: 'x', tags: '{{ trigger.text.split(",") }}' }))).toEqual([]);
    expect(codes(one('agent.write', { instructions: 'x', tags: '{{ [1, 2] }}' }))).toEqual(['expression.wrong_type']);
  });

  describe('see the steps before them', () => {
    const branches = (text: string): string[] =>
      codes(
        graph()
          .node('start', 'trigger.message')
          .node('fork', 'logic.if', { condition: true })
          .node('a', 'data.search', { query: 'x' })
          .node('b', 'data.search', { query: 'x' })
          .node('join', 'agent.write', { instructions: text })
          .node('later', 'agent.write', { instructions: 'x' })
          .edges('start>fork', 'fork.yes>a', 'fork.no>b', 'a>join', 'b>join', 'join>later'),
      );

    it('and not those after or beside them', () => {
      expect(branches('{{ steps.later.text }}')).toEqual(['expression.step_later']);
      expect(branches('{{ steps.join.text }}')).toEqual(['expression.step_later']);
      // By the title that it has on the canvas.
      const [problem] = problemsOf(
        graph()
          .node('start', 'trigger.message')
          .node('it', 'agent.write', { instructions: '{{ steps.mood }}' })
          .node('mood', 'data.search', { query: 'x' }, { title: 'Sente o clima' })
          .edges('start>it', 'it>mood')
          .build(),
      );
      expect(problem?.message).toContain('"Sente o clima"');
    });
    it('for certain only when they are on every path', () => {
      expect(branches('{{ size(steps.a.passages) }}!')).toEqual(['expression.step_may_not_run']);
      expect(branches('{{ steps.fork }}!')).toEqual([]);
    });
    const parallel = (text: string): string[] =>
      codes(
        graph()
          .node('start', 'trigger.message')
          .node('search', 'data.search', { query: 'x' })
          .node('fork', 'logic.if', { condition: true })
          .node('both', 'data.search', { query: 'x' })
          .node('ask', 'human.ask', { question: 'x', timeoutMinutes: 5 })
          .node('join', 'agent.write', { instructions: text })
          .edges('start>search', 'start>fork', 'start>ask', 'fork.yes>both', 'fork.no>both')
          .edges('search>join', 'both>join', 'ask.answered>join'),
      );
    it('for certain when they stand on a branch that always runs beside theirs', () => {
      expect(parallel('{{ size(steps.search.passages) + size(steps.both.passages) }}!')).toEqual([]);
    });
    it('whichever way those took', () => {
      expect(parallel('{{ steps.ask.text }}')).toEqual(['expression.may_be_missing']);
      expect(parallel('{{ coalesce(steps.ask.text, "") }}')).toEqual([]);
    });
    it('in a body, too, where all first steps run', () => {
      const body = (text: string): string[] =>
        codes(
          one('logic.subDepartment')
            .node('one', 'data.search', { query: 'x' }, { parentId: 'it' })
            .node('two', 'data.search', { query: 'x' }, { parentId: 'it' })
            .node('join', 'agent.write', { instructions: text }, { parentId: 'it' })
            .edges('one>join', 'two>join'),
        );
      expect(body('{{ size(steps.one.passages) + size(steps.two.passages) }}!')).toEqual([]);
    });
    it('on one path, when the expression sees to it', () => {
      expect(branches('{{ has(steps.a) ? size(steps.a.passages) : 0 }}!')).toEqual([]);
      expect(branches('{{ steps.?a.passages.orValue([]) }}!')).toEqual([]);
      expect(branches('{{ coalesce(steps.a.passages, steps.b.passages) }}!')).toEqual([]);
      expect(branches('{{ has(steps.a) ? size(steps.b.passages) : 0 }}!')).toEqual(['expression.step_may_not_run']);
    });
    it('as what leaves by the ports that lead here', () => {
      const onYes = (text: string): string[] =>
        codes(
          one('logic.if', { condition: true }).node('next', 'agent.write', { instructions: text }).edges('it.yes>next'),
        );
      expect(onYes('{{ steps.it.sure }}')).toEqual([]);
      expect(onYes('{{ steps.it.unsure }}')).toEqual(['expression.unknown_field']);
    });
    it('as an error on the error port', () => {
      const failed = one('data.search', { query: 'x' }, { onError: 'route' })
        .node('next', 'agent.write', { instructions: '{{ steps.it.message }}' })
        .edges('it.error>next');
      expect(codes(failed)).toEqual([]);
    });
  });

  it('see what every trigger that leads to them gives', () => {
    const two = (text: string): string[] =>
      codes(
        graph()
          .node('start', 'trigger.message')
          .node('clock', 'trigger.clock')
          .node('it', 'agent.write', { instructions: text })
          .edges('start>it', 'clock>it'),
      );
    expect(two('{{ trigger.text }}')).toEqual(['expression.may_be_missing']);
    expect(two('{{ coalesce(trigger.text, trigger.at, "") }}')).toEqual([]);
  });

  describe('in containers', () => {
    const forEach = (text: string): string[] =>
      codes(
        one('data.search', { query: 'x' })
          .node('each', 'logic.forEach', { items: '{{ steps.it.passages }}' })
          .node('body', 'agent.write', { instructions: text }, { parentId: 'each' })
          .edges('it>each'),
      );
    it('see the item, the index and the steps around them', () => {
      expect(forEach('{{ item.title }} {{ index + 1 }} {{ trigger.text }} {{ steps.it.best }}')).toEqual([]);
      expect(forEach('{{ item.titulo }}')).toEqual(['expression.unknown_field']);
      expect(forEach('{{ steps.each }}!')).toEqual(['expression.step_later']);
    });
    it('do not see into a body from outside', () => {
      const outside = one('logic.subDepartment')
        .node('inner', 'agent.write', { instructions: 'x' }, { parentId: 'it' })
        .node('next', 'agent.write', { instructions: '{{ steps.inner.text }}' })
        .edges('it.done>next');
      expect(codes(outside)).toEqual(['expression.step_later']);
    });
    it('see the body in the condition that ends a loop', () => {
      const loop = (until: string): string[] =>
        codes(
          one('logic.loop', { until })
            .node('ask', 'human.ask', { question: 'x', timeoutMinutes: 5 }, { parentId: 'it' })
            .node('more', 'agent.write', { instructions: 'x' }, { parentId: 'it' })
            .edges('ask.answered>more'),
        );
      expect(loop('{{ index > 3 || steps.ask == null }}')).toEqual([]);
      expect(loop('{{ has(steps.more) && steps.more.text == "fim" }}')).toEqual([]);
      expect(loop('{{ steps.more.text == "fim" }}')).toEqual(['expression.step_may_not_run']);
      expect(loop('{{ steps.more.txt == "fim" }}')).toEqual([
        'expression.step_may_not_run',
        'expression.unknown_field',
      ]);
    });
  });
});

describe('edges', () => {
  it('join nodes that are there', () => {
    expect(found(goodGraph().edges('send>gone'), 'edge.missing_node')[0]).toMatchObject({
      edgeId: 'send>gone',
      path: 'to.node',
      fix: { kind: 'removeEdge' },
    });
  });
  it('leave by ports that are there', () => {
    expect(found(goodGraph().edges('send.outt>write'), 'edge.missing_output')[0]?.message).toContain('"out"?');
  });
  it('leave by the error port only where errors are routed', () => {
    expect(found(goodGraph().edges('search.error>send'), 'edge.error_not_routed')).toHaveLength(1);
  });
  it('enter by ports that are there', () => {
    const built = goodGraph().build();
    const [first] = built.edges;
    const edges = [
      ...built.edges,
      { id: 'x', from: first?.from ?? { node: '', port: '' }, to: { node: 'write', port: 'side' } },
    ];
    expect(found({ ...built, edges }, 'edge.missing_input')[0]).toMatchObject({ edgeId: 'x', nodeId: 'write' });
  });
  it('stay on their level', () => {
    const across = one('logic.subDepartment')
      .node('inner', 'agent.write', { instructions: 'x' }, { parentId: 'it' })
      .edges('start>inner');
    expect(found(across, 'edge.across_levels')[0]?.edgeId).toBe('start>inner');
  });
  it('do not enter a trigger', () => {
    expect(found(goodGraph().node('clock', 'trigger.clock').edges('send>clock'), 'edge.into_trigger')[0]?.nodeId).toBe(
      'clock',
    );
  });
  it('are not there twice', () => {
    const built = goodGraph().build();
    const edges = [...built.edges, ...built.edges.slice(0, 1).map((edge) => ({ ...edge, id: 'again' }))];
    expect(found({ ...built, edges }, 'edge.duplicate')[0]).toMatchObject({
      edgeId: 'again',
      fix: { kind: 'removeEdge', edgeId: 'again' },
    });
  });
});

describe('cycles', () => {
  it('are named, one problem for each', () => {
    const round = goodGraph().edges('send>search').node('x', 'logic.if', { condition: true }).edges('x.yes>x');
    const problems = found(round, 'cycle');
    expect(problems).toHaveLength(2);
    expect(problems[0]?.message).toMatch(/search.*write.*send/);
    expect(problems[0]?.fix).toEqual({ kind: 'removeEdge', edgeId: 'send>search' });
    expect(problems[1]?.edgeId).toBe('x.yes>x');
  });
  it('are not seen where paths only part and meet', () => {
    expect(found(goodGraph().edges('start>write', 'start>send'), 'cycle')).toEqual([]);
  });
});

describe('containers', () => {
  it('are there', () =>
    expect(found(one('agent.write', { instructions: 'x' }, { parentId: 'gone' }), 'parent.missing')[0]?.nodeId).toBe(
      'it',
    ));
  it('can hold nodes', () =>
    expect(
      found(goodGraph().node('x', 'logic.if', { condition: true }, { parentId: 'send' }), 'parent.not_container')[0]
        ?.nodeId,
    ).toBe('x'));
  it('are not inside themselves', () => {
    const knot = graph()
      .node('a', 'logic.subDepartment', {}, { parentId: 'b' })
      .node('b', 'logic.subDepartment', {}, { parentId: 'a' });
    expect(found(knot, 'parent.cycle')).toHaveLength(1);
    expect(found(graph().node('a', 'logic.subDepartment', {}, { parentId: 'a' }), 'parent.cycle')).toHaveLength(1);
  });
  it('are not too deep', () => {
    const deep = graph().node('c0', 'logic.subDepartment');
    for (let level = 1; level <= limits.containerDepth + 3; level += 1) {
      deep.node(`c${level}`, 'logic.subDepartment', {}, { parentId: `c${level - 1}` });
    }
    expect(found(deep, 'size.containers').map(({ nodeId }) => nodeId)).toEqual([`c${limits.containerDepth + 1}`]);
  });
  it('are not empty', () =>
    expect(found(one('logic.subDepartment'), 'container.empty')[0]).toMatchObject({
      nodeId: 'it',
      fix: { kind: 'removeNode' },
    }));
});

describe('starts', () => {
  it('exist', () => expect(codes(graph().node('it', 'logic.if', { condition: true }))).toEqual(['trigger.none']));
  it('stand at the top', () => {
    const inside = one('logic.subDepartment').node('clock', 'trigger.clock', {}, { parentId: 'it' });
    expect(found(inside, 'trigger.inside')[0]?.nodeId).toBe('clock');
  });
  it('lead everywhere, or a warning says where not', () => {
    const [problem] = found(goodGraph().node('alone', 'logic.if', { condition: true }), 'node.unreachable');
    expect(problem).toMatchObject({ severity: 'warning', nodeId: 'alone' });
  });
  it('need not lead to what only undoes', () => {
    const undone = one('channel.send', { text: 'x' }, { compensateWith: 'sorry' }).node('sorry', 'channel.send', {
      text: 'x',
    });
    expect(codes(undone)).toEqual([]);
  });
});

describe('failures', () => {
  it('that are routed lead somewhere', () => {
    expect(found(one('data.search', { query: 'x' }, { onError: 'route' }), 'error.no_edge')[0]?.severity).toBe(
      'warning',
    );
  });
  it('are undone by another, ordinary node', () => {
    const undoing = (id: string): string[] => codes(one('data.search', { query: 'x' }, { compensateWith: id }));
    expect(undoing('gone')).toContain('compensate.unknown');
    expect(undoing('it')).toContain('compensate.itself');
    expect(undoing('start')).toContain('compensate.not_possible');
  });
  it('are undone by a node that leads nowhere and stands in reach', () => {
    const undone = () => one('data.search', { query: 'x' }, { compensateWith: 'back' });
    const leading = undone()
      .node('back', 'data.search', { query: 'y' })
      .node('more', 'data.search', { query: 'z' })
      .edges('back>more');
    expect(found(leading, 'compensate.leads_on')[0]?.nodeId).toBe('back');
    const apart = undone()
      .node('group', 'logic.subDepartment', {})
      .node('back', 'data.search', { query: 'y' }, { parentId: 'group' });
    expect(found(apart, 'compensate.elsewhere')[0]?.nodeId).toBe('it');
  });
  it('are undone with what was done at hand, and no more', () => {
    const undone = (query: string) =>
      one('data.search', { query: 'x' }, { compensateWith: 'back' }).node('back', 'data.search', { query });
    expect(
      codes(undone('{{ item.path }} {{ string(size(steps.it.passages)) }} {{ string(size(item.output.passages)) }}')),
    ).toEqual([]);
    expect(codes(undone('{{ steps.it.nothing }}'))).not.toEqual([]);
    expect(codes(undone('{{ item.nothing }}'))).not.toEqual([]);
  });
});

describe('channel rules', () => {
  const send = (config: Record<string, unknown>): unknown[] =>
    problemsOf(one('channel.send', { text: 'Oi', ...config }).build()).map(({ code, path }) => [code, path]);
  const buttons = (...titles: string[]) => ({ buttons: titles.map((title, index) => ({ id: `b${index}`, title })) });
  const list = (...rows: object[]) => ({ list: { button: 'Ver', sections: [{ title: 'Itens', rows }] } });
  const row = (id: number, more: object = {}) => ({ id: `r${id}`, title: `Item ${id}`, ...more });

  it('three buttons at most, and offers to keep the first three', () => {
    expect(send(buttons('a', 'b', 'c'))).toEqual([]);
    expect(send(buttons('a', 'b', 'c', 'd'))).toEqual([['channel.too_many_buttons', 'config.buttons']]);
    const [problem] = found(
      one('channel.send', { text: 'x', ...buttons('a', 'b', 'c', 'd') }),
      'channel.too_many_buttons',
    );
    expect(problem?.fix).toMatchObject({
      kind: 'setConfig',
      path: 'config.buttons',
      value: buttons('a', 'b', 'c').buttons,
    });
  });
  it('20 letters on a button', () => {
    expect(send(buttons('a'.repeat(20)))).toEqual([]);
    expect(send(buttons('ok', 'a'.repeat(21)))).toEqual([['channel.button_title_long', 'config.buttons.1.title']]);
  });
  it('no two buttons alike', () => {
    expect(
      send({
        buttons: [
          { id: 'a', title: 'x' },
          { id: 'a', title: 'y' },
        ],
      }),
    ).toEqual([['channel.button_duplicate', 'config.buttons.1.id']]);
    expect(send(buttons('x', 'x'))).toEqual([['channel.button_same_title', 'config.buttons.1.title']]);
  });
  it('4,096 letters of text, 1,024 with buttons or a list', () => {
    expect(send({ text: 'a'.repeat(4_096) })).toEqual([]);
    expect(send({ text: 'a'.repeat(4_097) })).toEqual([['channel.text_long', 'config.text']]);
    expect(send({ text: 'a'.repeat(1_025), ...buttons('ok') })).toEqual([['channel.text_long', 'config.text']]);
    expect(send({ text: 'a'.repeat(1_025), ...list(row(1)) })).toEqual([['channel.text_long', 'config.text']]);
  });
  it('buttons or a list', () =>
    expect(send({ ...buttons('ok'), ...list(row(1)) })).toEqual([['channel.buttons_and_list', 'config.list']]));
  it('ten rows of a list, with short titles and details', () => {
    const rows = (count: number) => Array.from({ length: count }, (_, index) => row(index));
    expect(send(list(...rows(10)))).toEqual([]);
    expect(send(list(...rows(11)))).toEqual([['channel.list_rows', 'config.list.sections']]);
    expect(send(list(row(1, { title: 'a'.repeat(25) })))).toEqual([
      ['channel.list_title_long', 'config.list.sections.0.rows.0.title'],
    ]);
    expect(send(list(row(1, { description: 'a'.repeat(73) })))).toEqual([
      ['channel.list_description_long', 'config.list.sections.0.rows.0.description'],
    ]);
    expect(send(list(row(1), row(1)))).toEqual([['channel.list_duplicate', 'config.list.sections.0.rows.1.id']]);
  });
  it('leave texts of unknown length alone', () =>
    expect(send(buttons('{{ trigger.text + "aaaaaaaaaaaaaaaaaaa" }}'))).toEqual([]));

  describe('the 24-hour window', () => {
    const after = (type: string, config: Record<string, unknown>, port = 'out'): Problem[] =>
      found(
        one(type, config).node('send', 'channel.send', { text: 'Oi' }).edges(`it.${port}>send`),
        'channel.outside_window',
      );

    it('closes after a long wait', () => {
      expect(after('logic.delay', { amount: 23, unit: 'hours' })).toEqual([]);
      expect(after('logic.delay', { amount: 24, unit: 'hours' })).toEqual([]);
      expect(after('logic.delay', { amount: 2, unit: 'days' })[0]).toMatchObject({ nodeId: 'send', severity: 'error' });
    });
    it('closes while the team is asked without a limit, and a limit mends it', () => {
      const [problem] = after('human.ask', { question: 'x', of: 'member' }, 'answered');
      expect(problem?.fix).toEqual({ kind: 'setConfig', nodeId: 'it', path: 'config.timeoutMinutes', value: 1_380 });
      expect(after('human.ask', { question: 'x', of: 'member', timeoutMinutes: 60 }, 'answered')).toEqual([]);
    });
    it('opens again when the customer answers, not when the wait for it ends', () => {
      expect(after('human.ask', { question: 'x' }, 'answered')).toEqual([]);
      expect(after('human.ask', { question: 'x', timeoutMinutes: 2_000 }, 'timeout')).toHaveLength(1);
      expect(after('human.ask', { question: 'x', timeoutMinutes: 600 }, 'timeout')).toEqual([]);
    });
    it('adds up waits one after another, and of rounds of a loop', () => {
      const twice = one('logic.delay', { amount: 13, unit: 'hours' })
        .node('again', 'logic.delay', { amount: 13, unit: 'hours' })
        .node('send', 'channel.send', { text: 'Oi' })
        .edges('it>again', 'again>send');
      expect(found(twice, 'channel.outside_window')).toHaveLength(1);
      const loop = (limit: number) =>
        one('logic.loop', { until: false, limit })
          .node('send', 'channel.send', { text: 'Oi' }, { parentId: 'it' })
          .node('wait', 'logic.delay', { amount: 10, unit: 'hours' }, { parentId: 'it' })
          .edges('send>wait');
      expect(found(loop(2), 'channel.outside_window')).toEqual([]);
      expect(found(loop(5), 'channel.outside_window')[0]?.nodeId).toBe('send');
    });
  });
});

describe('what an organization has', () => {
  const picker = (control: string, more: object = {}) => ({
    title: { 'pt-BR': 'Onde', en: 'Where' },
    ui: { control, literal: true },
    ...more,
  });
  const [write] = nodeTypes.filter(({ type }) => type === 'agent.write');
  const types = [
    ...nodeTypes.filter((type) => type !== write),
    {
      ...write,
      config: {
        type: 'object',
        properties: {
          sources: { ...picker('knowledge'), type: 'array', items: { type: 'string' } },
          model: { ...picker('model'), type: 'string' },
        },
        additionalProperties: false,
      },
    },
  ] as typeof nodeTypes;
  const told = (config: Record<string, unknown>, known?: Known) =>
    validate(one('agent.write', config).build(), types, { ...(known && { known }) }).problems;

  it('is named by its steps, or they have a problem and, where there is one, a fix', () => {
    const known = { sources: ['a', 'b'], models: ['gpt-6-luna', 'gpt-6-sol'] };
    expect(told({ sources: ['a', 'b'], model: 'gpt-6-sol' }, known)).toEqual([]);
    expect(told({ sources: [], model: '' }, known)).toEqual([]);
    expect(told({ sources: ['a', 'gone'], model: 'gpt-6-lunna' }, known)).toMatchObject([
      { code: 'knowledge.unknown', severity: 'error', nodeId: 'it', path: 'config.sources', fix: { value: ['a'] } },
      { code: 'model.unknown', severity: 'error', nodeId: 'it', path: 'config.model', fix: { value: 'gpt-6-luna' } },
    ]);
    // Without its last source a step would look in all of them: that is for the author to say.
    expect(told({ sources: ['gone'] }, known)[0]?.fix).toBeUndefined();
  });

  it('is not looked at where nobody knows it', () => {
    expect(told({ sources: ['gone'], model: 'none' })).toEqual([]);
    expect(told({ sources: ['gone'], model: 'none' }, { sources: [] }).map(({ code }) => code)).toEqual([
      'knowledge.unknown',
    ]);
  });
});

describe('the link of media', () => {
  const told = (link: string) => {
    const config = { text: 'Oi', media: { link } };
    return found(one('channel.send', config), 'channel.media_link').length;
  };
  it.each([
    ['https://pao.example.com/bolo.jpg', 0],
    ['https://pao.example.com/{{ trigger.text }}.jpg', 0],
    ['https://{{ trigger.text }}.example.com/a.jpg', 0],
    ['{{ trigger.text }}', 0],
    ['http://pao.example.com/bolo.jpg', 1],
    ['http://{{ trigger.text }}', 1],
    ['https://10.0.0.1/{{ trigger.text }}', 1],
    ['https://localhost/bolo.jpg', 1],
    ['bolo.jpg', 1],
  ])('%s: %i problems', (link, count) => expect(told(link)).toBe(count));
});

it('says that of two values with one name only one counts, at the second, and nothing where both go out', () => {
  const named = (name: string) => ({ name, value: '1' });
  const definition = {
    format: 1,
    nodes: [
      { id: 'start', type: 'trigger.manual', version: 1, config: {}, position: { x: 0, y: 0 } },
      {
        id: 'vals',
        type: 'data.set',
        version: 1,
        config: { values: [named('x'), named('y'), named('x')] },
        position: { x: 0, y: 0 },
      },
      {
        id: 'http',
        type: 'data.httpRequest',
        version: 1,
        config: { url: 'https://example.com', query: [named('x'), named('x')] },
        position: { x: 0, y: 0 },
      },
    ],
    edges: [
      { id: 'a', from: { node: 'start', port: 'out' }, to: { node: 'vals', port: 'in' } },
      { id: 'b', from: { node: 'vals', port: 'out' }, to: { node: 'http', port: 'in' } },
    ],
    settings: {},
  };
  const { problems } = validate(definition, publicNodes(), { locale: 'en' });
  expect(problems.map(({ code, path, severity }) => [code, path, severity])).toEqual([
    ['config.same_name', 'config.values.2.name', 'warning'],
  ]);
});
