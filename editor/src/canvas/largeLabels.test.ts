import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largeLabels } from './largeLabels.js';
import { route, type Box, type Link, type Point } from './routes.js';

const box = (x: number, y: number): Box => ({ x, y, width: 196, height: 54 });
const link = (from: string, port: string, to: string): Link => ({ id: `${from}.${port}`, from, port, to, label: port });
const planOf = (boxes: ReadonlyMap<string, Box>, links: readonly Link[], containers: readonly string[] = []) => ({
  boxes,
  containers: new Set(containers),
  routing: route(boxes, links),
});
const namesOf = (links: readonly Link[]) => links.map(({ id, label }) => ({ id, label: label ?? '' }));
/** What a name covers, at the least. */
const covers = ({ x, y }: Point, label: string): Box => {
  const width = label.length * 9;
  return { x: x - width / 2, y: y - 11, width, height: 22 };
};
const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('names seen small', () => {
  const branches = ['dúvida', 'alergia', 'pedido', 'encomenda', 'entrega'];
  const street = new Map([
    ['sort', box(480, 0)],
    ...branches.map((name, index): [string, Box] => [name, box(index * 240, 150)]),
  ]);

  it('hang over their branches', () => {
    const links = branches.map((name) => link('sort', name, name));
    const places = largeLabels(planOf(street, links), namesOf(links));
    expect(places.size).toBe(branches.length);
    for (const name of branches) {
      const { x = 0, width = 0 } = street.get(name) ?? {};
      expect(Math.abs((places.get(`sort.${name}`)?.x ?? 0) - (x + width / 2))).toBeLessThan(width / 2);
    }
  });

  it('are left out where they do not fit', () => {
    const long = 'uma pergunta sobre o que tem dentro de cada produto';
    const links = branches.map((name) => link('sort', name === 'pedido' ? long : name, name));
    const places = largeLabels(planOf(street, links), namesOf(links));
    expect(links.map(({ id }) => id).filter((id) => !places.has(id))).toEqual([`sort.${long}`]);
  });

  it('stand inside a loop, not on its frame', () => {
    const boxes = new Map([
      ['loop', { x: 0, y: 0, width: 560, height: 260 }],
      ['if', box(180, 46)],
      ['a', box(20, 180)],
      ['b', box(340, 180)],
    ]);
    const links = [link('if', 'tem', 'a'), link('if', 'falta', 'b')];
    const inside = new Map([...boxes].filter(([id]) => id !== 'loop'));
    const plan = { boxes, containers: new Set(['loop']), routing: route(inside, links) };
    expect(largeLabels(plan, namesOf(links)).size).toBe(2);
  });

  it('never cover a step, another name or a way of another name', () => {
    const spot = fc.record({ column: fc.nat(5), row: fc.nat(5) });
    fc.assert(
      fc.property(
        fc.uniqueArray(spot, { minLength: 3, maxLength: 14, selector: ({ column, row }) => `${column} ${row}` }),
        fc.array(fc.tuple(fc.nat(13), fc.nat(13), fc.constantFrom('sim', 'não achou', 'se der erro')), {
          maxLength: 24,
        }),
        (spots, pairs) => {
          const boxes = new Map(spots.map(({ column, row }, index) => [`s${index}`, box(column * 220, row * 120)]));
          const links = pairs.flatMap(([from, to, port], index) =>
            boxes.has(`s${from}`) && boxes.has(`s${to}`) && from !== to
              ? [{ ...link(`s${from}`, port, `s${to}`), id: `e${index}` }]
              : [],
          );
          const plan = planOf(boxes, links);
          const shown = [...largeLabels(plan, namesOf(links))].map(([id, at]) => ({
            id,
            box: covers(at, links.find((each) => each.id === id)?.label ?? ''),
          }));
          for (const [index, one] of shown.entries()) {
            for (const step of boxes.values()) expect(overlap(one.box, step)).toBe(false);
            for (const other of shown.slice(index + 1)) expect(overlap(one.box, other.box)).toBe(false);
            const own = plan.routing.routes.get(one.id)?.points[0];
            for (const { points } of plan.routing.routes.values()) {
              if (points[0]?.x === own?.x && points[0]?.y === own?.y) continue;
              for (const [at, end] of points.slice(1).entries()) {
                const start = points[at] ?? end;
                const line = {
                  x: Math.min(start.x, end.x),
                  y: Math.min(start.y, end.y),
                  width: Math.abs(start.x - end.x),
                  height: Math.abs(start.y - end.y),
                };
                expect(overlap(one.box, line)).toBe(false);
              }
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
