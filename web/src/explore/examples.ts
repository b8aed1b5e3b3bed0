// Questions to begin with, chosen from what the pack declares: where a figure
// differs between places, how one went over time, and two side by side.
import type { Day, Grain, IndicatorInfo } from '@/api/types';
import { presetPeriod } from './periods';
import { EMPTY, ROLLING, type Measure, type Question } from './question';

/** Example is a question and the words explore.example.KINDS that say what it asks. */
export interface Example {
  kind: 'places' | 'time' | 'together';
  indicators: string[];
  question: Question;
}

/** Facts is what is known of the data of indicators: how far they go, and how often they come. */
export interface Facts {
  completeTo: (indicators: string[]) => Day;
  every: (indicator: string) => Grain | undefined;
}

/** The unit whose figures are compared by their difference, not by a growth. */
const PERCENT = 'percent';

const measure = (i: IndicatorInfo, ...more: Measure['show']): Measure => ({ indicator: i.name, show: ['value', ...more], rolling: ROLLING });

/** examples picks up to three; indicators that judge a target come first, for these are what people ask about. */
export function examples(indicators: IndicatorInfo[], facts: Facts): Example[] {
  const known = [...indicators].sort((a, b) => weight(b) - weight(a));
  const out: Example[] = [];
  const used = new Set<string>();
  const take = (fits: (i: IndicatorInfo) => boolean): IndicatorInfo | undefined => {
    const found = known.find((i) => fits(i) && !used.has(i.name)) ?? known.find(fits);
    if (found) used.add(found.name);
    return found;
  };
  const ytd = (of: IndicatorInfo[]): string => presetPeriod('ytd', facts.completeTo(of.map((i) => i.name)));
  const place = take((i) => i.dimensions.includes('region') && i.dimensions.length > 1) ?? take((i) => i.dimensions.includes('region'));
  if (place) {
    const question = { ...EMPTY, measures: [measure(place, place.unit.name === PERCENT ? 'yoy_diff' : 'yoy', 'rank')], by: ['region'], period: ytd([place]), grain: 'all' as const, totals: true, sort: [{ column: 'm0.value', desc: true }] };
    out.push({ kind: 'places', indicators: [place.name], question });
  }
  const often = (i: IndicatorInfo): boolean => ['day', 'month'].includes(facts.every(i.name) ?? '');
  const time = take((i) => often(i) && i.dimensions.length === 0) ?? take(often) ?? take(() => true);
  if (time) {
    const question = { ...EMPTY, measures: [measure(time, 'previous')], period: presetPeriod('last12', facts.completeTo([time.name])), grain: 'month' as const };
    out.push({ kind: 'time', indicators: [time.name], question });
  }
  const pair = twoTogether(known, used);
  if (pair) {
    const question = { ...EMPTY, measures: pair.map((i) => measure(i)), by: ['region'], period: ytd(pair), grain: 'all' as const, chart: 'scatter' as const };
    out.push({ kind: 'together', indicators: pair.map((i) => i.name), question });
  }
  return out;
}

const weight = (i: IndicatorInfo): number => i.targets?.length ?? 0;

/** twoTogether finds two regional indicators of one dataset, else of any two. */
function twoTogether(known: IndicatorInfo[], used: Set<string>): IndicatorInfo[] | undefined {
  const regional = known.filter((i) => i.dimensions.includes('region'));
  for (const a of regional.filter((i) => !used.has(i.name))) {
    const b = regional.find((i) => i.name !== a.name && i.dataset === a.dataset && i.unit.name !== a.unit.name);
    if (b) return [a, b];
  }
  return regional.length > 1 ? regional.slice(0, 2) : undefined;
}
