// The logic of Explore: the address, the builder's rules, periods, columns and charts.
import { describe, expect, test } from 'vitest';
import { CHARTS, GRAINS, SHOWS, type ExploreAnswer, type ExploreColumn, type ExploreRow, type Show } from '@/api/exploretypes';
import type { IndicatorInfo } from '@/api/types';
import { addMeasure, dimensionsOf, mend, removeMeasure, setShow, toggleDimension, whyNot } from '@/explore/builder';
import { familiesOf, impossible, suited } from '@/explore/charts';
import { figureOf, labelOf, markOf } from '@/explore/columns';
import { bars, lines, scatter } from '@/explore/drawn';
import { examples } from '@/explore/examples';
import { linkTo } from '@/explore/links';
import { between, bounds, isPeriod, monthOf, periodWords, presetOf, presetPeriod, PRESETS } from '@/explore/periods';
import { keptChart, EMPTY, nextSort, questionOf, questionOfView, queryOf, requestOf, sameQuestion, type Question } from '@/explore/question';
import { conditionOf, textOf, withValues } from '@/explore/where';
import { inLang } from '@/i18n';

const tx = (s: string) => ({ zh: s, en: s });
const say = (w: Parameters<typeof inLang>[0]) => inLang(w, 'zh');

function indicator(name: string, dimensions: string[], more: Partial<IndicatorInfo> = {}): IndicatorInfo {
  return { name, title: tx(name), unit: { name: 'person', title: tx('p') }, dataset: 'd', dimensions, targets: [], decimals: 0, better: 'higher', window: 'period', calendar: '', parts: true, ...more };
}

const INDICATORS = [indicator('jobs', ['region', 'kind']), indicator('rate', ['region']), indicator('air', [])];
const ask = (...names: string[]): Question => ({ ...EMPTY, measures: names.map((n) => ({ indicator: n, show: ['value'], rolling: 3 })) });

/** A small generator with a seed: the same questions on every machine. */
function random(seed: number) {
  let s = seed;
  const next = (n: number): number => {
    s = (s * 1103515245 + 12345) % 2147483648;
    return Math.floor((s / 2147483648) * n);
  };
  const some = <T>(all: readonly T[]): T[] => all.filter(() => next(3) === 0);
  const text = (): string => Array.from({ length: 1 + next(6) }, () => 'ab.é字 &=+%#?1_'[next(15)] ?? 'x').join('').trim() || 'x';
  return { next, some, text };
}

function anyQuestion(seed: number): Question {
  const { next, some, text } = random(seed);
  const name = (): string => `i${next(99)}.${text().replace(/[:,]/g, '')}`;
  const top = next(2) * (1 + next(1000));
  return {
    measures: Array.from({ length: next(4) }, () => {
      const show = some(SHOWS);
      return { indicator: name(), show: show.length > 0 ? show : (['value'] as Show[]), rolling: show.includes('rolling') ? 2 + next(100) : 3 };
    }),
    by: [...new Set(Array.from({ length: next(3) }, () => `d${next(9)}`))],
    period: ['', '2024', '2024-01..2024-06', '2024Q1'][next(4)] ?? '',
    grain: ['' as const, ...GRAINS][next(6)] ?? '',
    where: Array.from({ length: next(3) }, (_, i) => textOf({ field: `f${i}`, not: next(2) === 1, values: [text(), text()].map((v) => v.replaceAll('|', '')) })),
    totals: next(2) === 1,
    sort: next(2) ? [{ column: `m${next(3)}.value`, desc: next(2) === 1 }] : [],
    top,
    rest: top > 0 && next(2) === 1,
    asOf: next(2) ? 'month-2024-10' : '',
    chart: ['' as const, ...CHARTS][next(6)] ?? '',
    stacked: next(2) === 1,
    view: next(2) ? 'V1' : '',
  };
}

/** overTheWire writes a query into an address and reads it back, as the browser does. */
function overTheWire(query: ReturnType<typeof queryOf>) {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) for (const v of [value].flat()) params.append(key, String(v));
  const out: Record<string, string[]> = {};
  for (const [key, value] of new URLSearchParams(params.toString())) (out[key] ??= []).push(value);
  return out;
}

describe('the address', () => {
  test('gives back every question that it was written from', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const q = anyQuestion(seed);
      expect(questionOf(overTheWire(queryOf(q))), `seed ${seed}`).toEqual(q);
    }
  });

  test.each([
    [{}, {}],
    [{ m: 'jobs:value', grain: 'century', chart: 'pie', top: '-3', totals: 'yes' }, { m: ['jobs'] }],
    [{ m: ['jobs:yoy,nonsense,yoy', 'jobs:rolling999'], where: ['region=1', 'nothing', '=x', 'a='] }, { m: ['jobs:yoy', 'jobs:rolling3'], where: ['region=1'] }],
    [{ m: [':value', 'rate'], by: 'region,,region', sort: 'm0.value:desc' }, { m: ['rate'], by: 'region', sort: ['m0.value:desc'] }],
  ])('%j counts as %j', (query, want) => {
    expect(queryOf(questionOf(query))).toEqual(want);
  });

  test('asks the API for the whole period where no grain is given, and for no rest without a top', () => {
    expect(requestOf({ ...ask('jobs'), rest: true })).toMatchObject({ grain: 'all', rest: false, measures: [{ indicator: 'jobs', show: ['value'] }] });
  });

  test('a saved view asks what was saved', () => {
    const q: Question = { ...ask('jobs'), by: ['region'], grain: 'month', chart: 'bar', sort: [{ column: 'm0.value', desc: true }] };
    const back = questionOfView({ id: 'v', name: 'n', question: requestOf(q), chart: keptChart('bar', false), note: '', by: '', at: '', version: 1 });
    expect(questionOfView({ id: 'v', name: 'n', question: requestOf(q), chart: keptChart('bar', true), note: '', by: '', at: '', version: 1 })).toEqual({ ...back, stacked: true });
    expect(sameQuestion(back, q)).toBe(true);
    expect(back.view).toBe('v');
    expect(sameQuestion(back, { ...q, totals: true })).toBe(false);
  });

  test('clicks on a head fall, rise, and let go', () => {
    let sort = nextSort([], 'm0.value', 'desc');
    expect(sort).toEqual([{ column: 'm0.value', desc: true }]);
    sort = nextSort(sort, 'm0.value', 'desc');
    expect(sort).toEqual([{ column: 'm0.value', desc: false }]);
    expect(nextSort(sort, 'm0.value', 'desc')).toEqual([]);
    expect(nextSort(sort, 'region', 'asc')).toEqual([{ column: 'region', desc: false }]);
  });

  test('a page leads to its own question', () => {
    const to = (l: Parameters<typeof linkTo>[0]) => (linkTo(l) as { query: unknown }).query;
    expect(to({ indicator: 'jobs', dimensions: ['region'], period: '2024' })).toEqual({ m: ['jobs:value,previous'], by: 'region', period: '2024', grain: 'all' });
    expect(to({ indicator: 'jobs', dimensions: ['region'], period: '2024', region: '140105' })).toEqual({ m: ['jobs:value,previous'], period: '2024', grain: 'month', where: ['region=140105'] });
    expect(to({ indicator: 'air', dimensions: [], period: '2023..2024', grain: 'quarter' })).toEqual({ m: ['air:value,previous'], period: '2023..2024', grain: 'quarter' });
  });
});

describe('conditions', () => {
  test.each([
    ['kind=hire', { field: 'kind', not: false, values: ['hire'] }],
    ['place!=1|2', { field: 'place', not: true, values: ['1', '2'] }],
    ['note=a=b', { field: 'note', not: false, values: ['a=b'] }],
    ['=x', undefined],
    ['!=x', undefined],
    ['x', undefined],
  ])('%s', (text, want) => expect(conditionOf(text)).toEqual(want));

  test('a field has one, which keeps its place', () => {
    expect(withValues(['a=1', 'b=2'], 'a', ['3', '4'], true)).toEqual(['a!=3|4', 'b=2']);
    expect(withValues(['a=1', 'b=2'], 'a', [], false)).toEqual(['b=2']);
    expect(withValues([], 'c', ['1'], false)).toEqual(['c=1']);
  });
});

const facts = { completeTo: () => '2024-09-30', every: () => 'month' as const };

describe('the builder', () => {
  test('offers what all measures share first, and says who lacks the rest', () => {
    expect(dimensionsOf(ask('jobs', 'rate').measures, INDICATORS)).toEqual([{ name: 'region', lacking: [] }, { name: 'kind', lacking: ['rate'] }]);
    expect(dimensionsOf(ask('air').measures, INDICATORS)).toEqual([]);
  });

  test('takes away what a further measure cannot answer', () => {
    const q: Question = { ...ask('jobs'), by: ['region', 'kind'], where: ['kind=hire', 'region=1', 'grade=3'], sort: [{ column: 'kind' }, { column: 'm0.value' }] };
    const next = addMeasure(q, 'rate', INDICATORS);
    expect(next.by).toEqual(['region']);
    expect(next.where).toEqual(['region=1', 'grade=3']); // a field that is no dimension is the server's to judge
    expect(next.sort).toEqual([{ column: 'm0.value' }]);
    expect(addMeasure(next, 'rate', INDICATORS)).toBe(next);
  });

  test('an order follows its measure when one before it goes', () => {
    const q: Question = { ...ask('jobs', 'rate'), sort: [{ column: 'm1.value', desc: true }, { column: 'm0.value' }] };
    expect(removeMeasure(q, 0, INDICATORS).sort).toEqual([{ column: 'm0.value', desc: true }]);
    expect(removeMeasure(ask('jobs'), 0, INDICATORS).measures).toEqual([]);
  });

  test('an order by what is no longer shown goes', () => {
    const q: Question = { ...setShow(ask('jobs'), 0, ['value', 'yoy'], 3, INDICATORS), sort: [{ column: 'm0.yoy' }] };
    expect(mend(q, INDICATORS).sort).toEqual([{ column: 'm0.yoy' }]);
    expect(setShow(q, 0, [], 3, INDICATORS)).toMatchObject({ sort: [], measures: [{ show: ['value'] }] });
  });

  test('a top needs a dimension, and a rest just one', () => {
    const q: Question = { ...ask('jobs'), by: ['region'], top: 3, rest: true };
    expect(toggleDimension(q, 'kind', INDICATORS)).toMatchObject({ top: 3, rest: false });
    expect(toggleDimension(q, 'region', INDICATORS)).toMatchObject({ top: 0, rest: false });
  });

  test.each([
    ['rank', [], 'all', 'needs_dimension'],
    ['rank', ['region'], 'all', undefined],
    ['rolling', ['region'], 'all', 'needs_grain'],
    ['rolling', [], 'month', undefined],
    ['yoy', [], '', undefined],
  ] as const)('%s by %j over %s: %s', (show, by, grain, want) => expect(whyNot(show, [...by], grain)).toBe(want));

  test('an indicator says what it cannot show', () => {
    const rate = indicator('rate', ['region'], { parts: false, window: 'stock' });
    expect((['share', 'ytd', 'rolling', 'festival', 'value'] as const).map((s) => whyNot(s, ['region'], 'month', rate))).toEqual(['no_parts', 'stock', 'stock', 'no_calendar', undefined]);
    const jobs = indicator('jobs', ['region'], { calendar: 'calendar.spring_festival' });
    expect((['share', 'ytd', 'rolling', 'festival'] as const).map((s) => whyNot(s, ['region'], 'month', jobs))).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('mending twice changes nothing more', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const q = { ...anyQuestion(seed), measures: ask('jobs', 'rate').measures, by: ['kind', 'region'] };
      const once = mend(q, INDICATORS);
      expect(mend(once, INDICATORS)).toEqual(once);
    }
  });

  test('examples come from what is declared', () => {
    const list = examples([...INDICATORS, indicator('pay', ['region'], { unit: { name: 'yuan', title: tx('y') } })], facts);
    expect(list.map((e) => e.kind)).toEqual(['places', 'time', 'together']);
    expect(list[0]?.question).toMatchObject({ period: '2024-01..2024-09', by: ['region'] });
    for (const e of list) expect(mend(e.question, [...INDICATORS, indicator('pay', ['region'])])).toEqual(e.question);
    expect(examples([], facts)).toEqual([]);
    expect(examples([INDICATORS[2]!], facts).map((e) => e.kind)).toEqual(['time']);
  });
});

describe('periods', () => {
  test.each([
    ['2024-09-30', '2024-01..2024-09', '2024-09', '2024-07..2024-09', '2023-10..2024-09'],
    ['2024-10-15', '2024-01..2024-09', '2024-09', '2024-07..2024-09', '2023-10..2024-09'],
    ['2024-01-31', '2024-01', '2024-01', '2023-10..2023-12', '2023-02..2024-01'],
    ['2024-02-28', '2024-01', '2024-01', '2023-10..2023-12', '2023-02..2024-01'], // a leap year: one day is missing
    ['2024-01-10', '2023-01..2023-12', '2023-12', '2023-10..2023-12', '2023-01..2023-12'],
  ])('of data complete to %s', (day, ytd, month, quarter, year) => {
    expect([presetPeriod('ytd', day), presetPeriod('last_month', day), presetPeriod('last_quarter', day), presetPeriod('last12', day)]).toEqual([ytd, month, quarter, year]);
  });

  test('of every preset are periods, and are known again', () => {
    for (const p of PRESETS) {
      const period = presetPeriod(p, '2024-09-30');
      if (p !== 'all') expect(isPeriod(period), period).toBe(true);
      expect(presetOf(period, '2024-09-30')).toBe(p);
    }
  });

  test.each(['', '24', '2024-13', '2024Q5', '2024..', '2024-06..2024-01', '2024..2025..2026', '2024-1'])('%s is none', (text) => expect(isPeriod(text)).toBe(false));
  test('have a first and a last month', () => {
    expect([bounds('2024'), bounds('2024Q2'), bounds('2024-02..2024Q3')]).toEqual([['2024-01', '2024-12'], ['2024-04', '2024-06'], ['2024-02', '2024-09']]);
    expect([between('2024-03', '2024-01'), between('2024-03', ''), between('2024-03', '2024-03')]).toEqual(['2024-01..2024-03', '2024-03', '2024-03']);
    expect(['2024-3', '202403', ' 2024.03 ', '2024-13', 'x'].map(monthOf)).toEqual(['2024-03', '2024-03', '2024-03', undefined, undefined]);
  });
});

test.each([
  ['2024', '2024'],
  ['2024-01..2024-06', '2024-01 \u2013 2024-06'],
  ['2024-01-01..2024-09-30', '2024-01 \u2013 2024-09'],
  ['2024-02-01..2024-02-29', '2024-02'],
  ['2024-02-01..2024-02-28', '2024-02-01 \u2013 2024-02-28'],
  ['', ''],
])('the period %s reads %s', (period, want) => expect(periodWords(period)).toBe(want));

const column = (key: string, more: Partial<ExploreColumn> = {}): ExploreColumn => ({ key, kind: 'measure', title: tx(key), measure: 0, show: 'value', unit: { name: 'person', title: tx('p') }, decimals: 0, additive: true, ...more });
const row = (dims: Record<string, string>, period: string, values: Record<string, number | null>, kind: ExploreRow['kind'] = 'cell'): ExploreRow => ({
  kind, dims, labels: {}, period, from: period, to: period,
  cells: Object.fromEntries(Object.entries(values).map(([k, v]) => [k, { value: v, display: v === null ? '' : String(v), status: v === null ? 'suppressed' as const : 'valid' as const, rows: 1 }])),
});
function answer(columns: ExploreColumn[], rows: ExploreRow[]): ExploreAnswer {
  const dims = [...new Set(rows.flatMap((r) => Object.keys(r.dims)))].map((key): ExploreColumn => ({ key, kind: 'dimension', title: tx(key) }));
  return { columns: [...dims, ...columns], rows, sources: [], definitions: [], notes: [], total_rows: rows.length, truncated: false, suppressed: 0, min_group: 0, today: '2024-10-31' };
}

describe('cells', () => {
  const cell = (value: number | null, display: string) => ({ value, display, status: 'valid' as const, rows: 1 });
  test.each([
    ['value', 1234, '1,234', '1,234'],
    ['value', -3, '-3', '\u22123'],
    ['yoy', 5.2, '5.2', '+5.2'],
    ['yoy', -5.2, '-5.2', '\u22125.2'],
    ['yoy', 0.01, '0.0', '0.0'],
    ['rank_change', 2, '2', '↑2'],
    ['rank_change', -1, '-1', '↓1'],
    ['rank_change', 0, '0', '='],
    ['value', null, '', ''],
  ] as const)('%s of %s is written %s as %s', (show, value, display, want) => {
    expect(figureOf(column('c', { show }), cell(value, display))).toBe(want);
  });

  test('that are not simply valid say so', () => {
    expect(markOf({ value: null, display: '', status: 'suppressed', rows: 0 })).toBe('suppressed');
    expect(markOf({ value: 1, display: '1', status: 'provisional', rows: 9 })).toBe('provisional');
    expect(markOf(cell(1, '1'))).toBeUndefined();
  });

  test('of a sum have no label for what they sum over', () => {
    expect(labelOf(row({}, '', {}, 'total'), 'region', say)).toBe('');
    expect(labelOf(row({ region: '140105' }, '', {}), 'region', say)).toBe('140105');
  });
});

describe('charts', () => {
  const districts = ['1', '2', '3'];
  const value = column('m0.value');
  const growth = column('m0.yoy', { show: 'yoy', unit: { name: 'percent', title: tx('%') }, additive: false });
  const rank = column('m0.rank', { show: 'rank' });
  const places = answer([value, growth, rank], ['1', '2', '3'].map((d, i) => row({ region: d }, '2024', { 'm0.value': i + 1, 'm0.yoy': 2, 'm0.rank': i + 1 })));
  const months = answer([value], ['2024-02', '2024-01'].map((p) => row({}, p, { 'm0.value': 1 })));
  const crossed = answer([value], ['1', '2'].flatMap((d) => ['a', 'b'].map((k) => row({ region: d, kind: k }, '2024', { 'm0.value': 2 }))));
  const two = answer([value, column('m1.value', { measure: 1, unit: { name: 'yuan', title: tx('y') } })], ['1', '2', '3'].map((d, i) => row({ region: d }, '2024', { 'm0.value': i, 'm1.value': i === 2 ? null : i })));

  test.each([
    ['places', places, 'map'],
    ['months', months, 'line'],
    ['crossed', crossed, 'table'],
    ['two', two, 'bar'],
    ['nothing', answer([value], []), 'table'],
  ] as const)('of %s suit it', (_, a, want) => expect(suited(a, districts)).toBe(want));

  test.each([
    ['line', places, 'one_period'],
    ['line', months, undefined],
    ['bar', answer([value], [row({}, '2024', { 'm0.value': 1 })]), 'no_group'],
    ['bar', answer([rank], [row({ region: '1' }, '2024', {}), row({ region: '2' }, '2024', {})]), 'only_ranks'],
    ['map', months, 'no_region'],
    ['map', crossed, 'more_dimensions'],
    ['map', answer([value], [row({ region: '9' }, '2024', { 'm0.value': 1 })]), 'no_district'],
    ['scatter', months, 'one_measure'],
    ['scatter', two, undefined],
    ['scatter', answer([value, growth], [row({}, '2024', {})]), 'few_points'],
    ['bar', answer([value], []), 'no_rows'],
    ['table', answer([value], []), undefined],
  ] as const)('%s of it: %s', (chart, a, want) => expect(impossible(chart, a, districts)).toBe(want));

  test('are no map, and none is offered, where the pack has no outlines', () => {
    expect(impossible('map', places, [])).toBe('no_outlines');
    expect(suited(places, [])).toBe('bar');
  });

  test('keep apart what one axis cannot carry, and leave ranks to the table', () => {
    expect(familiesOf(places).map((f) => f.columns.map((c) => c.key))).toEqual([['m0.value'], ['m0.yoy']]);
  });

  test('put periods in order and a line to each group', () => {
    const [f] = lines(months, say);
    expect(f?.categories).toEqual(['2024-01', '2024-02']);
    expect(f?.series.map((s) => s.name)).toEqual(['m0.value']);
  });

  test('stack only what may be summed', () => {
    expect(bars(crossed, say)[0]).toMatchObject({ categories: ['1', '2'], additive: true });
    expect(bars(crossed, say)[0]?.series.map((s) => s.name)).toEqual(['a', 'b']);
    const rates = { ...crossed, columns: crossed.columns.map((c) => ({ ...c, additive: false })) };
    expect(bars(rates, say)[0]?.additive).toBe(false);
    expect(bars(places, say)[0]?.additive).toBe(false); // nothing lies on a single bar
  });

  test('draw a point only where both figures are', () => {
    expect(scatter(two, say)).toMatchObject({ leftOut: 1, dots: [{ name: '1', x: 0, y: 0 }, { name: '2', x: 1, y: 1 }] });
  });

  test('never draw totals as if they were groups', () => {
    const a = { ...places, rows: [...places.rows, row({}, '2024', { 'm0.value': 6 }, 'total')] };
    expect(bars(a, say)[0]?.categories).toHaveLength(3);
  });
});
