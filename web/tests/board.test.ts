// Orders, filters, distances and exports of the board.
import { describe, expect, test } from 'vitest';
import type { Standing } from '@/api/progress';
import type { Dataset, Receipt, State, TargetStatus } from '@/api/types';
import { attention, standingRejections } from '@/board/attention';
import { csv } from '@/board/csv';
import { byChapter, byRisk, compare, lightOf, matches } from '@/board/order';
import { distance, promised } from '@/board/promise';

const text = (s: string) => ({ zh: s, en: s });
const named = (s: string) => ({ name: s, title: text(s) });

function target(name: string, state: State, over: Partial<TargetStatus> = {}): TargetStatus {
  return {
    target: named(name), plan: '2024', year: 2024, chapter: named('jobs'), owner: named('hrss'), kind: 'level', comparator: 'at_least', value: 100, unit: named('person'),
    decimals: 0, promise: '≥ 100', deadline: '2024-12-31', light: lightOf(state), state, reason: text(''), actual: 50, display: '50', pace: 80, progress: 50, lag: 0,
    previous: null, complete_to: '2024-10-31', simulated: false, curve: [], probability: null, forecast: null, needed: null, missing: [], ...over,
  };
}

const names = (list: TargetStatus[]) => list.map((t) => t.target.name);

describe('the board', () => {
  const list = [target('d', 'no_data', { lag: null }), target('c', 'on_pace'), target('b', 'at_risk', { lag: 2 }), target('a', 'at_risk', { lag: 5 }), target('e', 'will_miss'), target('f', 'met'), target('g', 'missed')];

  test('by risk starts with what is lost and ends with what is unknown', () => {
    expect(names([...list].sort(byRisk))).toEqual(['g', 'e', 'a', 'b', 'c', 'f', 'd']);
  });

  test('by risk puts the least likely first within a state', () => {
    const list = [target('a', 'at_risk', { probability: 0.7 }), target('b', 'at_risk', { probability: 0.3 }), target('c', 'at_risk', { lag: 9 })];
    expect(names([...list].sort(byRisk))).toEqual(['b', 'a', 'c']);
    expect(names([...list].sort(compare('probability', false, 'en')))).toEqual(['a', 'b', 'c']);
  });

  test('by chapter follows the plan, and keeps chapters that the plan does not name', () => {
    const groups = byChapter([target('x', 'met', { chapter: named('odd') }), target('y', 'met')], [{ ...named('2024'), chapters: [named('air'), named('jobs')] }]);
    expect(groups.map((g) => [g.title.zh, names(g.targets)])).toEqual([['jobs', ['y']], ['odd', ['x']]]);
  });

  test('by chapter keeps the plans of a year apart', () => {
    const plan = (name: string) => ({ ...named(name), chapters: [named('jobs')] });
    const groups = byChapter([target('x', 'met', { plan: 'five' }), target('y', 'met')], [plan('2024'), plan('five')]);
    expect(groups.map((g) => [g.title.zh, names(g.targets)])).toEqual([['2024 · jobs', ['y']], ['five · jobs', ['x']]]);
  });

  test('sorts missing values last in both directions', () => {
    const rows = [target('n', 'no_data', { lag: null }), target('p', 'at_risk', { lag: 1 }), target('q', 'at_risk', { lag: 3 })];
    expect(names([...rows].sort(compare('lag', true, 'zh')))).toEqual(['p', 'q', 'n']);
    expect(names([...rows].sort(compare('lag', false, 'zh')))).toEqual(['q', 'p', 'n']);
  });

  test.each([
    [{ light: 'yellow' as const }, true],
    [{ light: 'red' as const }, false],
    [{ owner: 'hrss' }, true],
    [{ owner: 'env' }, false],
    [{ text: 'NEW urban' }, true],
    [{ text: 'new rural' }, false],
    [{}, true],
  ])('the filter %j matches: %s', (filter, want) => {
    const t = target('employment', 'at_risk', { target: { name: 'employment', title: { zh: '新增就业', en: 'New urban employment' } } });
    expect(matches(t, { light: '', owner: '', chapter: '', text: '', ...filter })).toBe(want);
  });
});

describe('distance', () => {
  test.each([
    ['behind a pace', { lag: 12.5 }, { kind: 'behind', by: 12.5 }],
    ['ahead of a pace', { lag: -3 }, { kind: 'ahead', by: 3 }],
    ['level with a pace', { lag: 0.01 }, { kind: 'level' }],
    ['over a limit', { value: 40, pace: 40, actual: 40.6, lag: 1.5 }, { kind: 'over', by: expect.closeTo(0.6) }],
    ['short of a level', { value: 100, pace: 100, actual: 98, lag: 2 }, { kind: 'short', by: 2 }],
    ['within a limit', { value: 40, pace: 40, actual: 39, lag: -2.5 }, { kind: 'kept' }],
    ['relative and kept', { kind: 'relative' as const, value: 0, pace: 3, actual: 5, lag: -66 }, { kind: 'kept' }],
    ['without data', { lag: null }, undefined],
  ])('%s', (_, over, want) => {
    expect(distance(target('t', 'on_pace', over))).toEqual(want);
  });

  test('a relative promise is a number only once the other indicator has one', () => {
    const t = target('t', 'on_pace', { kind: 'relative', promise: '≈ 0', pace: 3, decimals: 1 });
    expect(promised(t)).toBe('≈ 3.0');
    expect(promised({ ...t, pace: null })).toBe('');
  });
});

describe('csv', () => {
  test('quotes, keeps numbers, and defuses formulas', () => {
    expect(csv([['a,b', 'say "x"', 1.5, null, '=1+1', '-5', -5]])).toBe('\uFEFF"a,b","say ""x""",1.5,,\'=1+1,\'-5,-5\r\n');
  });
});

describe('attention', () => {
  const receipt = (id: string, status: Receipt['status'], batch = '2024-09'): Receipt => ({
    delivery_id: id, dataset: 'hrss.employment', batch, status, received: 0, accepted: 0, quarantined: 0, duplicate: 0, sums: {}, snapshot_id: '', reasons: [],
    sha256: '', file: '', at: '', period: { from: '', to: '' }, simulated: false, message: '',
  });
  const dataset = (name: string, over: Partial<Dataset>): Dataset => ({
    ...named(name), owner: named('hrss'), rows: 0, complete_to: '2024-09-30', last_delivery_at: '', deliveries: 0, quarantined: 0, simulated: false, sample_fraction: 1,
    every: 'month', mode: 'upsert', fields: [], checks: [], ...over,
  });

  test('forgets a rejection once the batch was committed later', () => {
    expect(standingRejections([receipt('new', 'committed'), receipt('old', 'rejected')])).toEqual([]);
    expect(standingRejections([receipt('new', 'rejected'), receipt('old', 'committed')]).map((r) => r.delivery_id)).toEqual(['new']);
    expect(standingRejections([receipt('2', 'rejected'), receipt('1', 'rejected')]).map((r) => r.delivery_id)).toEqual(['2']);
  });

  test('puts rejections first, then what is late, quarantine, and what never came', () => {
    const list = attention(
      [dataset('a', { complete_to: '' }), dataset('b', { quarantined: 3 }), dataset('c', { complete_to: '2024-08-31' }), dataset('d', {})],
      [receipt('r', 'rejected')],
      ['overdue', 'overdue', 'waiting', 'approved'].map((state) => ({ state }) as Standing),
      '2024-10-31',
    );
    expect(list.map((a) => a.kind)).toEqual(['rejected', 'late', 'overdue', 'waiting', 'quarantine', 'never']);
    expect(list.flatMap((a) => ('reports' in a ? [a.reports] : []))).toEqual([2, 1]);
  });
});
