// What the pages of deliveries and sources compute by themselves.
import { describe, expect, test } from 'vitest';
import type { AnswerRow } from '@/api/types';
import { wholeDays } from '@/format/date';
import { money, same, sumsUp } from '@/format/decimal';
import { asReported, instantOf, localOf } from '@/pages/indicator/as-of';
import { ordersFor } from '@/pages/sources/marks';
import { durationOf } from '@/pages/sources/schedule';

describe('sums as decimals', () => {
  test.each([
    ['0.30', ['0.1', '0.2', '0'], true], // which binary fractions get wrong
    ['100000000000000000.01', ['100000000000000000.00', '0.01'], true], // beyond 2^53
    ['1240034.55', ['1234567.80', '5466.70', '0.05'], true],
    ['1240034.55', ['1234567.80', '5466.70', '0.04'], false],
    ['-1.5', ['-2', '0.5'], true],
    ['12', ['abc'], false],
    ['', [''], false],
  ])('%s = %j: %s', (whole, parts, want) => {
    expect(sumsUp(whole, parts)).toBe(want);
  });

  test('are the same number however many zeros they carry', () => {
    expect([same('12.5', '12.50'), same('12', '12.0'), same('12.5', '12.51'), same('', '')]).toEqual([true, true, false, false]);
  });

  test.each([['1234567.80', '1,234,567.80'], ['-1234.5', '−1,234.5'], ['0.05', '0.05'], ['123', '123'], ['1000', '1,000']])('%s is printed %s', (text, want) => {
    expect(money(text)).toBe(want);
  });
});

describe('the schedule of a source', () => {
  test.each([
    ['1m0s', [{ n: 1, unit: 'm' }]],
    ['1h30m0s', [{ n: 1, unit: 'h' }, { n: 30, unit: 'm' }]],
    ['15s', [{ n: 15, unit: 's' }]],
    ['monthly', undefined],
    ['', undefined],
  ])('%s', (text, want) => {
    expect(durationOf(text)).toEqual(want);
  });

  test('a source is told only what it can do', () => {
    expect([ordersFor('paused'), ordersFor('running'), ordersFor('failed'), ordersFor('stopped')]).toEqual([['resume'], ['pause'], ['run', 'pause'], []]);
  });
});

describe('an earlier state beside the present', () => {
  const row = (period: string, value: number | null): AnswerRow => ({ period, from: '', to: '', value, display: String(value), previous: null, change: null, rows: 1, status: 'valid' });

  test('is paired by period, and moves only where both are known', () => {
    const rows = asReported([row('2024-01', 12), row('2024-02', 7), row('2024-03', null)], [row('2024-01', 10), row('2024-03', 3)]);
    expect(rows.map((r) => [r.then?.value, r.moved])).toEqual([[10, 2], [undefined, null], [3, null]]);
  });

  test('is a time on the clock of the city, or a tag', () => {
    expect(instantOf('2024-10-31T08:30')).toBe('2024-10-31T08:30:00+08:00');
    expect(localOf('2024-10-31T08:30:00+08:00')).toBe('2024-10-31T08:30');
    expect([instantOf(''), localOf('month-2024-10'), localOf('')]).toEqual(['', '', '']);
  });
});

test('ages count whole days, and nothing of the future', () => {
  const now = new Date('2024-10-31T12:00:00Z');
  expect(['2024-10-28T11:00:00Z', '2024-10-31T11:00:00Z', '2024-11-02T00:00:00Z', '', undefined].map((at) => wholeDays(at, now))).toEqual([3, 0, 0, 0, 0]);
});
