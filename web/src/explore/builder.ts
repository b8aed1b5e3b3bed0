// What the builder allows: which dimensions the measures share, what of a
// measure can be shown, and how a change of one part mends the others.
import type { Show } from '@/api/exploretypes';
import type { Grain, IndicatorInfo } from '@/api/types';
import { ROLLING, type Measure, type Question } from './question';
import { conditionOf } from './where';

/** Dimension is one that at least one chosen measure has. */
export interface Dimension {
  name: string;
  /** the chosen measures that do not have it; it can be used when there are none */
  lacking: string[];
}

/** dimensionsOf lists the dimensions of the measures, those that all share first. */
export function dimensionsOf(measures: Measure[], indicators: IndicatorInfo[]): Dimension[] {
  const chosen = chosenOf(measures, indicators);
  const names = [...new Set(chosen.flatMap((i) => i.dimensions))];
  const all = names.map((name) => ({ name, lacking: chosen.filter((i) => !i.dimensions.includes(name)).map((i) => i.name) }));
  return [...all.filter((d) => d.lacking.length === 0), ...all.filter((d) => d.lacking.length > 0)];
}

function chosenOf(measures: Measure[], indicators: IndicatorInfo[]): IndicatorInfo[] {
  const names = new Set(measures.map((m) => m.indicator));
  return indicators.filter((i) => names.has(i.name));
}

/** mend takes out of a question what its measures cannot answer. */
export function mend(q: Question, indicators: IndicatorInfo[]): Question {
  if (q.measures.length === 0) return { ...q, by: [], where: [], sort: [], top: 0, rest: false };
  const shared = new Set(dimensionsOf(q.measures, indicators).filter((d) => d.lacking.length === 0).map((d) => d.name));
  const known = new Set(chosenOf(q.measures, indicators).flatMap((i) => i.dimensions));
  const by = q.by.filter((d) => shared.has(d));
  // A condition on a field that is no dimension is the server's to judge.
  const where = q.where.filter((w) => {
    const field = conditionOf(w)?.field ?? '';
    return !known.has(field) && !isDimension(field, indicators) ? true : shared.has(field);
  });
  const columns = new Set([...by, ...(q.grain && q.grain !== 'all' ? ['period'] : []), ...q.measures.flatMap((m, i) => m.show.map((s) => `m${i}.${s}`))]);
  const top = by.length > 0 ? q.top : 0; // a top is chosen from the values of a dimension
  return { ...q, by, where, top, rest: q.rest && top > 0 && by.length === 1, sort: q.sort.filter((s) => columns.has(s.column)) };
}

const isDimension = (field: string, indicators: IndicatorInfo[]): boolean => indicators.some((i) => i.dimensions.includes(field));

/** addMeasure puts an indicator at the end; one that is there already stays as it is. */
export function addMeasure(q: Question, indicator: string, indicators: IndicatorInfo[]): Question {
  if (q.measures.some((m) => m.indicator === indicator)) return q;
  return mend({ ...q, measures: [...q.measures, { indicator, show: ['value'], rolling: ROLLING }] }, indicators);
}

/** removeMeasure takes a measure out; the order by a later one follows it to its new place. */
export function removeMeasure(q: Question, at: number, indicators: IndicatorInfo[]): Question {
  const sort = q.sort.flatMap((s) => {
    const m = /^m(\d+)(\..*)$/.exec(s.column);
    if (!m) return [s];
    const n = Number(m[1]);
    if (n === at) return [];
    return [{ ...s, column: `m${n > at ? n - 1 : n}${m[2]}` }];
  });
  return mend({ ...q, measures: q.measures.filter((_, i) => i !== at), sort }, indicators);
}

/** setShow changes what is shown of a measure; at least its value stays. */
export function setShow(q: Question, at: number, show: Show[], rolling: number, indicators: IndicatorInfo[]): Question {
  const measures = q.measures.map((m, i) => (i === at ? { ...m, show: show.length > 0 ? show : (['value'] as Show[]), rolling } : m));
  return mend({ ...q, measures }, indicators);
}

/** toggleDimension adds a dimension or takes it out. */
export function toggleDimension(q: Question, name: string, indicators: IndicatorInfo[]): Question {
  const by = q.by.includes(name) ? q.by.filter((d) => d !== name) : [...q.by, name];
  return mend({ ...q, by }, indicators);
}

/** Why a show makes no sense for a question; the words are explore.whyNot.KEY. */
export type WhyNot = 'needs_dimension' | 'needs_grain' | 'no_calendar' | 'no_parts' | 'stock';

/** whyNot says why something of a measure cannot be shown; undefined when it can. */
export function whyNot(show: Show, by: string[], grain: Grain | '', of?: Pick<IndicatorInfo, 'calendar' | 'parts' | 'window'>): WhyNot | undefined {
  switch (show) {
    case 'share':
      if (of && !of.parts) return 'no_parts';
      return by.length === 0 ? 'needs_dimension' : undefined;
    case 'festival':
    case 'festival_yoy':
      return of?.calendar === '' ? 'no_calendar' : undefined;
    case 'ytd':
      return of?.window === 'stock' ? 'stock' : undefined;
    case 'rank':
    case 'rank_change':
      return by.length === 0 ? 'needs_dimension' : undefined;
    case 'rolling':
      if (of?.window === 'stock') return 'stock';
      return !grain || grain === 'all' ? 'needs_grain' : undefined;
    default:
      return undefined;
  }
}

/** SHOW_GROUPS is how the choices stand in the builder. */
export const SHOW_GROUPS: { key: 'figure' | 'year' | 'period' | 'structure'; shows: Show[] }[] = [
  { key: 'figure', shows: ['value', 'ytd', 'rolling'] },
  { key: 'year', shows: ['yoy', 'yoy_diff', 'previous', 'festival_yoy', 'festival'] },
  { key: 'period', shows: ['mom', 'mom_diff', 'before'] },
  { key: 'structure', shows: ['share', 'rank', 'rank_change'] },
];
