// Figures, days and lines.
import { describe, expect, test } from 'vitest';
import type { Point, Status } from '@/api/types';
import { line, range } from '@/charts/spark';
import { daysBetween, earlier, instant, lastDueEnd, span } from '@/format/date';
import { chance, compact, figure, grouped, percent, places, signed } from '@/format/number';

describe('figures', () => {
  test.each([
    [80000, 0, '80,000'],
    [-1234.5, 1, '−1,234.5'],
    [null, 0, '—'],
    [Number.NaN, 0, '—'],
  ])('figure(%s, %d) is %s', (value, decimals, want) => expect(figure(value, decimals)).toBe(want));

  test.each([['73050', '73,050'], ['≥ 80000', '≥ 80,000'], ['1234567.8901', '1,234,567.8901'], ['999', '999'], ['80,000', '80,000'], ['', '']])('grouped(%s) is %s', (text, want) => expect(grouped(text)).toBe(want));

  test.each([['41', 1, 0], ['42.75', 1, 2], ['', 1, 1]])('places(%s, %d) is %d', (text, otherwise, want) => expect(places(text, otherwise)).toBe(want));

  test('signed shows a plus but not for zero', () => {
    expect([4.25, -4.25, 0, 0.01, null].map((v) => signed(v))).toEqual(['+4.3', '−4.3', '0.0', '0.0', '—']);
  });

  test('percent and compact', () => {
    expect(percent(12.34)).toBe('12.3%');
    expect(percent(null)).toBe('—');
    expect(compact(80000, 120000, 'zh')).toBe('80,000');
    expect(compact(2939700, 3000000, 'zh')).toBe('294万');
    expect(compact(2939700, 3000000, 'en')).toBe('2.94M');
  });
});

describe('days', () => {
  test.each([
    ['day', '2024-10-30'],
    ['month', '2024-09-30'],
    ['quarter', '2024-09-30'],
    ['year', '2023-12-31'],
  ] as const)('on 2024-10-31 the last %s that had ended was over on %s', (grain, want) => expect(lastDueEnd('2024-10-31', grain)).toBe(want));

  test('are counted and compared', () => {
    expect(daysBetween('2024-10-31', '2024-12-31')).toBe(61);
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2);
    expect(earlier('2024-12-31', '2024-10-31')).toBe('2024-10-31');
    expect(earlier('', '2024-10-31')).toBe('2024-10-31');
    expect(span('2024-01-01', '2024-01-01')).toBe('2024-01-01');
  });

  test('times are told in the city’s zone', () => {
    expect(instant('2024-10-12T16:30:00Z')).toBe('2024-10-13 00:30');
    expect(instant('0001-01-01T00:00:00Z')).toBe('');
    expect(instant(undefined)).toBe('');
  });
});

describe('chance', () => {
  test('never reads as certain what is not', () => {
    expect([0, 0.001, 0.3, 0.834, 0.9999, 1, null].map(chance)).toEqual(['0%', '<1%', '30%', '83%', '>99%', '100%', '—']);
  });
});

describe('sparkline', () => {
  const point = (value: number | null, pace: number | null, status: Status = 'valid'): Point => ({ period: '', value, pace, previous: null, forecast: null, low: null, high: null, status });
  const curve = [point(1, 2), point(null, 3, 'not_valid'), point(3, 4)];

  test('goes on over a month without a figure', () => {
    expect(line([point(1, 2), point(null, 3, 'no_data'), point(3, 4)], (p) => p.value, [1, 4], 106, 26).path).toBe('M3 23L103 9.7');
  });

  test('breaks where a value must not be stated', () => {
    const { path, last } = line(curve, (p) => p.value, range(curve), 106, 26);
    expect(path).toBe('M3 23M103 9.7');
    expect(last).toEqual([103, 9.7]);
  });

  test('is not drawn without values', () => {
    expect(range([point(null, 1)])).toBeUndefined();
    expect(line([], (p) => p.value, undefined, 10, 10).path).toBe('');
  });
});
