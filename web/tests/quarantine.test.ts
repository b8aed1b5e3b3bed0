// The logic of the quarantine workbench.
import { describe, expect, test } from 'vitest';
import type { DatasetField, HeldGroup, HeldRow } from '@/api/types';
import { example, hintsOf } from '@/quarantine/allowed';
import { batchesOf, common, LIMIT } from '@/quarantine/batches';
import { chips, dimensionOf, filterOf, queryOf } from '@/quarantine/filter';
import { linesOf, matching, total } from '@/quarantine/groups';
import { chooseAll, clear, extend, keep, keyOf, moveTo, NOTHING, press, toggle } from '@/quarantine/selection';

function row(delivery: string, n: number, more: Partial<HeldRow> = {}): HeldRow {
  return { delivery_id: delivery, row: n, dataset: 'a.b', field: 'f', code: 'missing', message: '', text: '', owner: 'o', source: '', file: '', state: 'open', since: '2024-10-01T00:00:00Z', age_days: 1, ...more };
}

describe('the filter in the address', () => {
  test.each([
    [{}, {}],
    [{ state: 'waived', code: 'missing', by: 'field' }, { state: 'waived', code: 'missing', by: 'field' }],
    [{ state: 'nonsense', by: 'nonsense', other: 'x' }, {}],
    [{ dataset: ['a.b', 'c.d'], delivery: 'D1' }, { dataset: 'a.b', delivery: 'D1' }],
    [{ state: 'open', by: 'code' }, {}],
  ])('%j is written back as %j', (query, want) => {
    expect(queryOf(filterOf(query), dimensionOf(query))).toEqual(want);
  });

  test('is shown as chips, without the state', () => {
    expect(chips(filterOf({ state: 'waived', owner: 'hrss', dataset: 'a.b' }))).toEqual([{ key: 'dataset', value: 'a.b' }, { key: 'owner', value: 'hrss' }]);
  });
});

describe('groups', () => {
  const group = (dataset: string, code: string, field: string, count: number, oldest: string): HeldGroup => ({ dataset, code, field, source: 's', owner: 'o', count, oldest, newest: oldest });
  const all = [group('a', 'missing', 'x', 2, '2024-03-01'), group('b', 'missing', 'x', 5, '2024-01-01'), group('a', 'too_long', 'y', 4, '2024-02-01')];

  test('add up along a dimension, the most rows first, with the oldest of each', () => {
    expect(linesOf(all, 'code').map((l) => [l.value, l.count, l.oldest])).toEqual([['missing', 7, '2024-01-01'], ['too_long', 4, '2024-02-01']]);
  });

  test('keep fields of two datasets apart', () => {
    expect(linesOf(all, 'field').map((l) => [l.dataset, l.value, l.count])).toEqual([['b', 'x', 5], ['a', 'y', 4], ['a', 'x', 2]]);
  });

  test('never lose or double a row, whatever they are grouped by', () => {
    for (const by of ['dataset', 'code', 'field', 'source', 'owner'] as const) {
      expect(linesOf(all, by).reduce((n, l) => n + l.count, 0)).toBe(total(all));
    }
  });

  test('leave open what is being grouped by, so that another value can be chosen', () => {
    const filter = filterOf({ dataset: 'a', code: 'missing' });
    expect(total(matching(all, filter))).toBe(2);
    expect(linesOf(matching(all, filter, 'code'), 'code').map((l) => l.value)).toEqual(['too_long', 'missing']);
  });
});

describe('selection', () => {
  const rows = [1, 2, 3, 4, 5].map((n) => row(n < 3 ? 'D1' : 'D2', n));
  const chosen = (s: typeof NOTHING) => rows.filter((r) => s.chosen.has(keyOf(r))).map((r) => r.row);
  const down = { key: 'ArrowDown', shift: false, ctrl: false };

  test('a click chooses and lets go', () => {
    const one = toggle(NOTHING, rows, 1);
    expect([chosen(one), chosen(toggle(one, rows, 1)), chosen(NOTHING)]).toEqual([[2], [], []]);
  });

  test('shift chooses the range from where it began, in both directions', () => {
    const s = toggle(NOTHING, rows, 2);
    expect(chosen(extend(s, rows, 4))).toEqual([3, 4, 5]);
    expect(chosen(extend(s, rows, 0))).toEqual([1, 2, 3]);
  });

  test('the keyboard does what the mouse does', () => {
    let s = press(NOTHING, rows, down) ?? NOTHING;
    s = press(s, rows, { ...down, key: ' ' }) ?? s;
    s = press(s, rows, { ...down, shift: true }) ?? s;
    expect([chosen(s), s.at]).toEqual([[2, 3], 2]);
    s = press(s, rows, { key: 'End', shift: false, ctrl: false }) ?? s;
    expect([chosen(s), s.at]).toEqual([[2, 3], 4]);
    expect(chosen(press(s, rows, { key: 'a', shift: false, ctrl: true }) ?? s)).toEqual([1, 2, 3, 4, 5]);
    expect(chosen(press(s, rows, { key: 'Escape', shift: false, ctrl: false }) ?? s)).toEqual([]);
  });

  test('keys that mean nothing are left to the browser', () => {
    expect(press(NOTHING, rows, { key: 'Tab', shift: false, ctrl: false })).toBeUndefined();
    expect(press(NOTHING, rows, { key: 'Escape', shift: false, ctrl: false })).toBeUndefined();
    expect(press(NOTHING, rows, { ...down, ctrl: true })).toBeUndefined();
  });

  test('stays within the table, also an empty one', () => {
    expect([moveTo(NOTHING, rows, 99).at, moveTo(NOTHING, rows, -1).at, moveTo(NOTHING, [], 3).at]).toEqual([4, 0, 0]);
    expect(toggle(NOTHING, [], 0).chosen.size).toBe(0);
  });

  test('forgets rows that have left, and only those', () => {
    const s = keep(moveTo(chooseAll(NOTHING, rows), rows, 4), rows.slice(1, 3));
    expect([[...s.chosen], s.at]).toEqual([['D1 2', 'D2 3'], 1]);
    expect(clear(s).chosen.size).toBe(0);
  });
});

describe('batches', () => {
  test('are of one delivery each, in order, and hold every row once', () => {
    const rows = [row('D2', 1), row('D1', 1), row('D2', 2)];
    expect(batchesOf(rows).map((b) => [b.delivery, b.rows.map((r) => r.row)])).toEqual([['D2', [1, 2]], ['D1', [1]]]);
    expect(batchesOf([])).toEqual([]);
  });

  test('are cut where a request would become too long', () => {
    const many = Array.from({ length: LIMIT + 1 }, (_, i) => row('D1', i + 1));
    expect(batchesOf(many).map((b) => b.rows.length)).toEqual([LIMIT, 1]);
  });

  test('say what their rows have in common', () => {
    const rows = [row('D1', 1), row('D2', 2, { code: 'too_long' })];
    expect([common(rows, 'field'), common(rows, 'code'), common([], 'field')]).toEqual(['f', '', '']);
  });
});

describe('what a field takes', () => {
  const field = (more: Partial<DatasetField>): DatasetField => ({ name: 'f', title: { zh: '', en: '' }, type: 'number', key: false, optional: false, ...more });

  test.each([
    ['2006-01-02', '2024-10-31'],
    ['20060102', '20241031'],
    ['2006年1月2日', '2024年10月31日'],
    ['2006-01-02 15:04:05', '2024-10-31 08:30:00'],
    ['200601', '202410'],
  ])('a date laid out as %s is written %s', (layout, want) => {
    expect(example(layout)).toBe(want);
  });

  test.each([
    [{ min: 0, max: 100 }, [{ kind: 'between', min: '0', max: '100' }]],
    [{ min: 0 }, [{ kind: 'atLeast', min: '0' }]],
    [{ max: 5, optional: true }, [{ kind: 'atMost', max: '5' }, { kind: 'empty' }]],
    [{ formats: ['2006-01'], max_length: 7 }, [{ kind: 'length', n: 7 }, { kind: 'written', examples: ['2024-10'] }]],
  ])('%j gives hints', (more, want) => {
    expect(hintsOf(field(more))).toEqual([{ kind: 'type', type: 'number' }, ...want]);
  });
});
