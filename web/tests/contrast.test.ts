// The colours of both themes meet WCAG 2.1 AA.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contrast, inkOn, mix } from '@/map/colour';

const css = readFileSync(join(import.meta.dirname, '..', 'src', 'theme', 'tokens.css'), 'utf8');

function tokens(selector: string): Record<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`));
  const body = block.slice(0, block.indexOf('}'));
  return Object.fromEntries([...body.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map((m) => [m[1], m[2]]));
}

const TEXT = 4.5;
const SHAPE = 3;
const pairs: [front: string, back: string, ratio: number][] = [
  ...['ink', 'ink-2', 'accent', 'green', 'yellow', 'red', 'none'].map((f): [string, string, number] => [f, 'surface', TEXT]),
  ...['ink', 'ink-2', 'accent'].flatMap((f): [string, string, number][] => [[f, 'paper', TEXT], [f, 'sunken', TEXT], [f, 'accent-soft', TEXT]]),
  // States of rows, also where the row is chosen or pointed at.
  ...['green', 'yellow', 'red'].flatMap((f): [string, string, number][] => [[f, 'sunken', TEXT], [f, 'accent-soft', TEXT]]),
  ['on-accent', 'accent', TEXT],
  ['line-strong', 'surface', SHAPE],
  ...Array.from({ length: 8 }, (_, i): [string, string, number] => [`series-${i + 1}`, 'surface', SHAPE]),
];

describe.each([
  ['light', ':root'],
  ['dark', ":root[data-theme='dark']"],
])('%s theme', (_, selector) => {
  const colours = tokens(selector);

  test.each(pairs)('%s on %s reaches %d', (front, back, ratio) => {
    expect(contrast(colours[front] ?? '', colours[back] ?? '')).toBeGreaterThanOrEqual(ratio);
  });

  test('labels can be read on every colour of the map', () => {
    for (let share = 0; share <= 1; share += 0.05) {
      const ground = mix(colours['map-low'] ?? '', colours['map-high'] ?? '', share);
      expect(contrast(ground, inkOn(ground)), ground).toBeGreaterThanOrEqual(TEXT);
    }
    expect(contrast(colours['map-none'] ?? '', inkOn(colours['map-none'] ?? ''))).toBeGreaterThanOrEqual(TEXT);
  });
});
