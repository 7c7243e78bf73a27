import fc from 'fast-check';
import { expect, it } from 'vitest';
import { publicNodes } from '#nodes/registry.js';
import type { Definition } from '../api/types.js';
import { boxesOf } from './boxes.js';
import { noteBox, notePlace } from './notePlace.js';
import type { Box } from './routes.js';

const types = new Map(publicNodes().map((type) => [type.type, type]));
const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

it('a new note stands on no other and on no step, and not far from where it was wanted', () => {
  const spot = fc.record({ x: fc.integer({ min: -600, max: 600 }), y: fc.integer({ min: -600, max: 600 }) });
  const stretched = fc.record({ width: fc.integer({ min: 120, max: 500 }), height: fc.integer({ min: 56, max: 300 }) });
  fc.assert(
    fc.property(
      fc.array(spot, { maxLength: 12 }),
      fc.array(fc.tuple(spot, stretched), { maxLength: 4 }),
      fc.array(spot, { minLength: 1, maxLength: 8 }),
      (steps, there, wanted) => {
        let definition: Definition = {
          format: 1,
          nodes: steps.map((position, index) => ({
            id: `s${index}`,
            type: 'logic.delay',
            version: 1,
            config: {},
            position,
          })),
          edges: [],
          settings: {
            notes: {
              ...Object.fromEntries(there.map(([at, size], index) => [`n${index}`, { text: '', ...at, ...size }])),
              // On another level there may be one at the same place.
              inside: { text: '', x: 0, y: 0, parentId: 's0' },
            },
          },
        };
        for (const [index, near] of wanted.entries()) {
          const place = notePlace(definition, types, null, near);
          const others = Object.values(definition.settings.notes ?? {}).filter(({ parentId }) => !parentId);
          const box = noteBox({ text: '', ...place });
          for (const other of [...others.map(noteBox), ...boxesOf(definition, types).values()])
            expect(overlap(box, other)).toBe(false);
          expect(Math.hypot(place.x - near.x, place.y - near.y)).toBeLessThan(2_500);
          definition = {
            ...definition,
            settings: { notes: { ...definition.settings.notes, [`new${index}`]: { text: '', ...place } } },
          };
        }
      },
    ),
    { numRuns: 200 },
  );
});
