// The question that the page shows: what the API takes, how it is drawn, and
// which saved view it came from. The address holds all of it, so that a link
// shares it and the browser's history undoes it.
import type { LocationQuery, LocationQueryRaw } from 'vue-router';
import { CHARTS, GRAINS, SHOWS, type Chart, type ExploreMeasure, type ExploreQuestion, type ExploreSort, type Show, type View } from '@/api/exploretypes';
import type { Grain } from '@/api/types';
import { conditionOf } from './where';

/** Most periods of a rolling window, most rows of a top n: what the page offers and an address may ask for. */
export const MOST_ROLLING = 120;
export const MOST_TOP = 1000;

export interface Measure {
  indicator: string;
  show: Show[];
  rolling: number;
}

export interface Question {
  measures: Measure[];
  by: string[];
  period: string;
  grain: Grain | '';
  where: string[];
  totals: boolean;
  sort: ExploreSort[];
  top: number;
  rest: boolean;
  asOf: string;
  /** "" takes the one that suits the question */
  chart: Chart | '';
  /** whether bars lie on each other, where their sum is a figure */
  stacked: boolean;
  /** the saved view that this began as; "" when none */
  view: string;
}

/** ROLLING is how many periods a rolling window has when nothing is said. */
export const ROLLING = 3;

export const EMPTY: Question = {
  measures: [], by: [], period: '', grain: '', where: [], totals: false, sort: [], top: 0, rest: false, asOf: '', chart: '', stacked: false, view: '',
};

const all = (query: LocationQuery, key: string): string[] => {
  const value = query[key];
  return (Array.isArray(value) ? value : [value]).filter((v): v is string => typeof v === 'string' && v !== '');
};
const one = (query: LocationQuery, key: string): string => all(query, key)[0] ?? '';
const unique = <T>(list: T[]): T[] => [...new Set(list)];

/** measureOf reads IND:show,show; a rolling window of n periods is the show rolling3. */
function measureOf(text: string): Measure | undefined {
  const at = text.indexOf(':');
  const indicator = at < 0 ? text : text.slice(0, at);
  if (!indicator) return undefined;
  let rolling = ROLLING;
  const show = (at < 0 ? '' : text.slice(at + 1)).split(',').flatMap((word): Show[] => {
    const window = /^rolling(\d+)$/.exec(word);
    if (window) {
      rolling = within(Number(window[1]), 2, MOST_ROLLING, ROLLING);
      return ['rolling'];
    }
    return SHOWS.filter((s) => s === word);
  });
  return { indicator, show: show.length > 0 ? unique(show) : ['value'], rolling };
}

function measureText(m: Measure): string {
  if (m.show.length === 1 && m.show[0] === 'value') return m.indicator;
  return `${m.indicator}:${m.show.map((s) => (s === 'rolling' ? `rolling${m.rolling}` : s)).join(',')}`;
}

function within(n: number, least: number, most: number, otherwise: number): number {
  return Number.isInteger(n) && n >= least && n <= most ? n : otherwise;
}

/** sortOf reads COLUMN:desc. */
function sortOf(text: string): ExploreSort {
  const [column = '', order] = text.split(':');
  return { column, desc: order === 'desc' };
}

/** questionOf reads the address; what it does not know counts as not said. */
export function questionOf(query: LocationQuery): Question {
  return {
    measures: all(query, 'm').map(measureOf).filter((m) => m !== undefined),
    by: unique(one(query, 'by').split(',').filter(Boolean)),
    period: one(query, 'period'),
    grain: GRAINS.find((g) => g === one(query, 'grain')) ?? '',
    where: all(query, 'where').filter((w) => conditionOf(w) !== undefined),
    totals: one(query, 'totals') === '1',
    sort: all(query, 'sort').map(sortOf).filter((s) => s.column !== ''),
    top: within(Number(one(query, 'top')), 1, MOST_TOP, 0),
    rest: one(query, 'rest') === '1',
    asOf: one(query, 'as_of'),
    chart: CHARTS.find((c) => c === one(query, 'chart')) ?? '',
    stacked: one(query, 'stack') === '1',
    view: one(query, 'view'),
  };
}

/** queryOf writes the address; defaults are left out. */
export function queryOf(q: Question): LocationQueryRaw {
  const out: Record<string, string | string[]> = {};
  if (q.measures.length > 0) out.m = q.measures.map(measureText);
  if (q.by.length > 0) out.by = q.by.join(',');
  if (q.period) out.period = q.period;
  if (q.grain) out.grain = q.grain;
  if (q.where.length > 0) out.where = [...q.where];
  if (q.totals) out.totals = '1';
  if (q.sort.length > 0) out.sort = q.sort.map((s) => (s.desc ? `${s.column}:desc` : s.column));
  if (q.top > 0) out.top = String(q.top);
  if (q.rest) out.rest = '1';
  if (q.asOf) out.as_of = q.asOf;
  if (q.chart) out.chart = q.chart;
  if (q.stacked) out.stack = '1';
  if (q.view) out.view = q.view;
  return out;
}

/** requestOf is the question as the API takes it. */
export function requestOf(q: Question): ExploreQuestion {
  return {
    measures: q.measures.map((m): ExploreMeasure => ({ indicator: m.indicator, show: m.show, ...(m.show.includes('rolling') ? { rolling: m.rolling } : {}) })),
    by: q.by,
    period: q.period,
    grain: q.grain || 'all',
    where: q.where,
    totals: q.totals,
    sort: q.sort,
    top: q.top,
    rest: q.rest && q.top > 0,
    as_of: q.asOf,
  };
}

/** known keeps what the page can show, in its order; at least the value. */
function known(words: string[]): Show[] {
  const show = words.flatMap((w) => SHOWS.filter((s) => s === w));
  return show.length > 0 ? show : ['value'];
}

/** keptChart is how a view keeps the way that its table is drawn: bars upon each other are one of their own. */
export const keptChart = (chart: Chart, stacked: boolean): View['chart'] => (chart === 'bar' && stacked ? 'stacked' : chart);

/** questionOfView is a saved question as the page shows it. */
export function questionOfView(v: View): Question {
  const a = v.question;
  return {
    measures: (a.measures ?? []).map((m) => ({ indicator: m.indicator, show: known(m.show ?? []), rolling: m.rolling || ROLLING })),
    by: a.by ?? [],
    period: a.period ?? '',
    grain: a.grain ?? '',
    where: a.where ?? [],
    totals: a.totals ?? false,
    sort: (a.sort ?? []).map((s) => ({ column: s.column, desc: s.desc ?? false })),
    top: a.top ?? 0,
    rest: a.rest ?? false,
    asOf: a.as_of ?? '',
    chart: v.chart === 'stacked' ? 'bar' : v.chart,
    stacked: v.chart === 'stacked',
    view: v.id,
  };
}

/** sameQuestion says whether two ask and draw the same, whichever view they came from. */
export function sameQuestion(a: Question, b: Question): boolean {
  const text = (q: Question): string => JSON.stringify(queryOf({ ...q, view: '' }));
  return text(a) === text(b);
}

/** nextSort is what a click on a column's head makes of the order: falling, rising, none. */
export function nextSort(sort: ExploreSort[], column: string, first: 'desc' | 'asc'): ExploreSort[] {
  const now = sort.find((s) => s.column === column);
  if (!now) return [{ column, desc: first === 'desc' }];
  return now.desc === (first === 'desc') ? [{ column, desc: !now.desc }] : [];
}
