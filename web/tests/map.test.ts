// The districts: codes, positions, projection and labels.
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { scaleOf } from '@/map/colour';
import { boundsOf, flat, inside, path, projection, spot, unflat, type Shapes } from '@/map/geometry';
import { arrange, fits, type Label } from '@/map/labels';
import { CODES, convert, packageShapes, yaml } from '../scripts/regions.mjs';
import { toGcj02, toWgs84 } from '../scripts/gcj02.mjs';

const shapes = convert(await packageShapes()) as unknown as Shapes;
const metres = 111_000; // of a degree of latitude

describe('GCJ-02', () => {
  test.each([[112.55, 37.87], [111.5, 38.3], [113.1, 37.4]])('%f, %f comes back', (lon, lat) => {
    const [x, y] = toWgs84(toGcj02([lon, lat]) as [number, number]);
    expect(Math.hypot(x - lon, y - lat) * metres).toBeLessThan(0.001);
  });

  test('displaces Taiyuan by some hundred metres to the east', () => {
    const [x, y] = toGcj02([112.55, 37.87]);
    const moved = Math.hypot((x - 112.55) * Math.cos((37.87 * Math.PI) / 180), y - 37.87) * metres;
    expect(moved).toBeGreaterThan(300);
    expect(moved).toBeLessThan(1000);
    expect(x).toBeGreaterThan(112.55);
  });
});

describe('the shapes', () => {
  test('carry the codes of GB/T 2260, each once', () => {
    expect(shapes.features.map((f) => f.properties.adcode)).toEqual(Object.values(CODES).sort());
  });

  test('lie in Taiyuan', () => {
    const [west, south, east, north] = boundsOf(shapes.features);
    expect(west).toBeGreaterThan(111.4);
    expect(east).toBeLessThan(113.3);
    expect(south).toBeGreaterThan(37.3);
    expect(north).toBeLessThan(38.5);
  });

  test('are refused when a name has no code or a division is missing', () => {
    const ring = [[112, 37], [113, 37], [113, 38], [112, 37]];
    const feature = (name: string) => ({ type: 'Feature', properties: { name }, geometry: { type: 'Polygon', coordinates: [ring] } });
    expect(() => convert({ features: [feature('南城区')] })).toThrow('南城区');
    expect(() => convert({ features: [feature('小店区')] })).toThrow('迎泽区');
  });
});

test('the pack of Taiyuan has the outlines that the script writes', async () => {
  expect(await readFile('../packs/taiyuan/outlines.yaml', 'utf8')).toBe(yaml(convert(await packageShapes())));
});

describe('geometry', () => {
  const margin = { top: 10, right: 20, bottom: 30, left: 40 };
  const project = projection(boundsOf(shapes.features), 600, 400, margin);

  test('keeps every point within the margins', () => {
    for (const [x, y] of shapes.features.flatMap((f) => f.geometry.coordinates.flat() as unknown as number[][]).map(project)) {
      expect(x).toBeGreaterThanOrEqual(39.99);
      expect(x).toBeLessThanOrEqual(580.01);
      expect(y).toBeGreaterThanOrEqual(9.99);
      expect(y).toBeLessThanOrEqual(370.01);
    }
  });

  test.each(shapes.features.map((f) => [f.properties.name, f] as const))('the label of %s sits inside it', (_, f) => {
    const { at, room } = spot(f, flat);
    expect(inside(at, (f.geometry.coordinates[0] as number[][]).map(flat))).toBe(true);
    expect(room).toBeGreaterThan(0);
    expect(path(f, project)).toMatch(/^M[\d.]+ [\d.]+L.*Z$/);
  });

  test('flat and unflat undo each other', () => {
    const [lon, lat] = unflat(flat([112.5, 37.9]));
    expect(lon).toBeCloseTo(112.5, 9);
    expect(lat).toBeCloseTo(37.9, 9);
  });
});

describe('labels', () => {
  const label = (code: string, x: number, y: number, room: number): Label => ({ code, x, y, room, width: 50, height: 28, lineWidth: 90 });

  test('stand inside where they fit and beside where not, from north to south', () => {
    const placed = arrange([label('a', 100, 100, 60), label('c', 300, 220, 8), label('b', 300, 200, 8)], 700, 18);
    expect(placed.map((p) => [p.code, p.kind])).toEqual([['a', 'inside'], ['b', 'beside'], ['c', 'beside']]);
    const [, b, c] = placed;
    expect(c!.y - b!.y).toBeGreaterThanOrEqual(18);
    expect(b!.x).toBe(c!.x);
  });

  test('beside the map keep clear of those inside', () => {
    const placed = arrange([label('a', 400, 200, 60), label('b', 300, 195, 8), label('c', 300, 205, 8)], 900, 18);
    const [a, ...rest] = placed;
    expect(a?.kind).toBe('inside');
    for (const p of rest) expect(Math.abs(p.y - 200)).toBeGreaterThanOrEqual((28 + 18) / 2);
  });

  test('become points where there is no room beside', () => {
    expect(arrange([label('a', 380, 100, 4)], 400, 18)).toEqual([{ code: 'a', kind: 'point', x: 380, y: 100 }]);
  });

  test('never cover each other inside', () => {
    const placed = arrange([label('a', 100, 100, 60), label('b', 120, 110, 50)], 700, 18);
    expect(placed.filter((p) => p.kind === 'inside').map((p) => p.code)).toEqual(['a']);
  });

  test('fit by their corners', () => {
    expect(fits(label('a', 0, 0, 30))).toBe(true);
    expect(fits(label('a', 0, 0, 10))).toBe(false);
  });
});

describe('scaleOf', () => {
  const colours = { low: '#000000', high: '#ffffff', none: '#808080' };

  test('runs from the lowest to the highest value', () => {
    const s = scaleOf([2, null, 4, 6], colours);
    expect([2, 4, 6, null].map(s.colour)).toEqual(['#000000', '#808080', '#ffffff', '#808080']);
  });

  test('has one colour for equal values, and that of no data without any', () => {
    expect(scaleOf([3, 3], colours).colour(3)).toBe('#808080');
    expect(scaleOf([null], colours).colour(null)).toBe('#808080');
  });
});
