// Which charts an answer can be drawn as, why not the others, and which one
// suits it best.
import type { Chart, ExploreAnswer, ExploreColumn, ExploreRow } from '@/api/exploretypes';
import { measureColumns } from './columns';

/** Fewest points of a scatter that show anything. */
const FEWEST_POINTS = 3;
/** Most lines, or bars of a group, that a reader can tell apart. */
export const MOST_SERIES = 8;
/** Most bars of a chart before its labels run into each other. */
export const MOST_BARS = 60;

/** Why a chart is impossible; the words are explore.noChart.KEY. */
export type NoChart = 'no_rows' | 'only_ranks' | 'one_period' | 'no_group' | 'no_region' | 'more_dimensions' | 'no_outlines' | 'no_district' | 'one_measure' | 'few_points';

export const cells = (a: ExploreAnswer): ExploreRow[] => a.rows.filter((r) => r.kind === 'cell');
export const dimensions = (a: ExploreAnswer): string[] => a.columns.filter((c) => c.kind === 'dimension').map((c) => c.key);

/** periodsOf lists the periods of the rows in order. */
export function periodsOf(a: ExploreAnswer): string[] {
  return [...new Map(cells(a).map((r) => [r.period, r.from])).entries()].sort((x, y) => x[1].localeCompare(y[1])).map(([p]) => p);
}

/** Family is columns that one axis can carry: the same unit, and the same kind of figure. */
export interface Family {
  key: string;
  columns: ExploreColumn[];
}

const KINDS: Partial<Record<string, string>> = { yoy: 'growth', mom: 'growth', festival_yoy: 'growth', yoy_diff: 'change', mom_diff: 'change', share: 'share' };
const PLACES: (string | undefined)[] = ['rank', 'rank_change'];

/** familiesOf puts the columns together that can be drawn together; ranks are for the table alone. */
export function familiesOf(a: ExploreAnswer): Family[] {
  const out = new Map<string, ExploreColumn[]>();
  for (const c of measureColumns(a)) {
    if (PLACES.includes(c.show)) continue;
    const key = `${KINDS[c.show ?? ''] ?? 'figure'} ${c.unit?.name ?? ''}`;
    out.set(key, [...(out.get(key) ?? []), c]);
  }
  return [...out].map(([key, columns]) => ({ key, columns }));
}

/**
 * impossible says why an answer cannot be drawn as a chart; undefined when it can. The districts are those of a city
 * whose pack says where they lie: none of them, and there is no map to draw.
 */
export function impossible(chart: Chart, a: ExploreAnswer, districts: string[]): NoChart | undefined {
  if (chart === 'table') return undefined;
  const rows = cells(a);
  if (rows.length === 0) return 'no_rows';
  switch (chart) {
    case 'line':
      if (familiesOf(a).length === 0) return 'only_ranks';
      return periodsOf(a).length < 2 ? 'one_period' : undefined;
    case 'bar':
      if (familiesOf(a).length === 0) return 'only_ranks';
      return rows.length < 2 ? 'no_group' : undefined;
    case 'map':
      return noMap(a, districts);
    case 'scatter':
      if (measureColumns(a).length < 2) return 'one_measure';
      return rows.length < FEWEST_POINTS ? 'few_points' : undefined;
  }
}

function noMap(a: ExploreAnswer, districts: string[]): NoChart | undefined {
  const by = dimensions(a);
  if (!by.includes('region')) return 'no_region';
  if (by.length > 1) return 'more_dimensions';
  if (districts.length === 0) return 'no_outlines';
  return cells(a).some((r) => districts.includes(r.dims.region ?? '')) ? undefined : 'no_district';
}

/** suited is the chart that shows an answer best: time as a line, districts on the map, groups as bars. */
export function suited(a: ExploreAnswer, districts: string[]): Chart {
  const by = dimensions(a);
  const periods = periodsOf(a).length;
  const can = (chart: Chart): boolean => impossible(chart, a, districts) === undefined;
  if (by.length > 1) return 'table';
  if (periods > 1 && can('line')) return 'line';
  if (periods <= 1 && new Set(measureColumns(a).map((c) => c.measure)).size === 1 && can('map')) return 'map';
  return by.length === 1 && can('bar') && cells(a).length <= MOST_BARS ? 'bar' : 'table';
}
