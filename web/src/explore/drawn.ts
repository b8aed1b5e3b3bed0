// What of an answer a chart draws: lines and bars, points, places.
import type { ExploreAnswer, ExploreCell, ExploreColumn, ExploreRow } from '@/api/exploretypes';
import type { Text, Words } from '@/api/types';
import { cells, dimensions, familiesOf, MOST_BARS, MOST_SERIES, periodsOf } from './charts';
import { measureColumns } from './columns';

type Say = (text: Words | undefined) => string;

/** Drawn is one value of a series and the cell that a click on it opens. */
export interface Drawn {
  cell: ExploreCell | undefined;
  row: ExploreRow;
  column: ExploreColumn;
}

export interface DrawnSeries {
  name: string;
  /** one for each category; undefined where there is no row */
  values: (Drawn | undefined)[];
}

/** Figure is one chart: everything in it is of one family. */
export interface Figure {
  /** the key of its family, and the titles of its columns */
  key: string;
  titles: string[];
  unit: Text | undefined;
  decimals: number;
  categories: string[];
  series: DrawnSeries[];
  /** series and categories that are not drawn, so that the rest can be told apart */
  leftOut: number;
  /** whether the series of a category may lie on each other, their sum being a figure too */
  additive: boolean;
}

/** lines draws figures over periods, one line for each group and column. */
export function lines(a: ExploreAnswer, say: Say): Figure[] {
  const periods = periodsOf(a);
  return figures(a, periods.map((p) => ({ key: p, words: p })), (r) => r.period, dimensions(a), say);
}

/** bars draws figures over periods where there are several, else over the first dimension. */
export function bars(a: ExploreAnswer, say: Say): Figure[] {
  const periods = periodsOf(a);
  const by = dimensions(a);
  const [first] = by;
  if (periods.length > 1 || first === undefined) return lines(a, say);
  const places = new Map(cells(a).map((r) => [r.dims[first] ?? '', say(r.labels[first]) || (r.dims[first] ?? '')]));
  const all = [...places].map(([key, words]) => ({ key, words }));
  return figures(a, all, (r) => r.dims[first] ?? '', by.slice(1), say);
}

type Category = { key: string; words: string };

/** figures puts rows into categories and series, a figure for each family of columns. */
function figures(a: ExploreAnswer, all: Category[], category: (r: ExploreRow) => string, by: string[], say: Say): Figure[] {
  const categories = all.slice(0, MOST_BARS * 10);
  const place = new Map(categories.map((c, i) => [c.key, i]));
  return familiesOf(a).map(({ key: family, columns: mine }) => {
    const series = new Map<string, DrawnSeries>();
    for (const row of cells(a)) {
      const at = place.get(category(row));
      if (at === undefined) continue;
      const group = by.map((d) => say(row.labels[d]) || row.dims[d] || '');
      for (const column of mine) {
        const key = JSON.stringify([by.map((d) => row.dims[d]), column.key]);
        const name = [...group, ...(mine.length > 1 || group.length === 0 ? [say(column.title)] : [])].join(' · ');
        const s = series.get(key) ?? { name, values: categories.map(() => undefined) };
        s.values[at] = { cell: row.cells[column.key], row, column };
        series.set(key, s);
      }
    }
    const every = [...series.values()];
    return {
      key: family,
      titles: mine.map((c) => say(c.title)),
      unit: mine[0]?.unit?.title,
      decimals: Math.max(0, ...mine.map((c) => c.decimals ?? 0)),
      categories: categories.map((c) => c.words),
      series: every.slice(0, MOST_SERIES),
      leftOut: Math.max(0, every.length - MOST_SERIES),
      additive: mine.length === 1 && mine[0]?.additive === true && every.length > 1 && every.every((s) => s.values.every((v) => (v?.cell?.value ?? 0) >= 0)),
    };
  });
}

/** Dot is one point of a scatter. */
export interface Dot {
  name: string;
  x: number;
  y: number;
  row: ExploreRow;
}

/** Scatter is one measure against another. */
export interface Scatter {
  x: ExploreColumn;
  y: ExploreColumn;
  dots: Dot[];
  /** rows that lack one of the two values */
  leftOut: number;
}

/** scatter sets the first column against the first one of another measure, or the second column. */
export function scatter(a: ExploreAnswer, say: Say): Scatter | undefined {
  const [x, ...rest] = measureColumns(a);
  const y = rest.find((c) => c.measure !== x?.measure) ?? rest[0];
  if (!x || !y) return undefined;
  const many = periodsOf(a).length > 1;
  const dots = cells(a).flatMap((row): Dot[] => {
    const [cx, cy] = [row.cells[x.key]?.value ?? null, row.cells[y.key]?.value ?? null];
    if (cx === null || cy === null) return [];
    const name = [...Object.keys(row.dims).map((d) => say(row.labels[d]) || row.dims[d]), ...(many ? [row.period] : [])].join(' · ');
    return [{ name: name || row.period, x: cx, y: cy, row }];
  });
  return { x, y, dots, leftOut: cells(a).length - dots.length };
}

/** placesOf gives the row of each district in a period. */
export function placesOf(a: ExploreAnswer, period: string): Map<string, ExploreRow> {
  return new Map(cells(a).filter((r) => r.period === period).map((r) => [r.dims.region ?? '', r]));
}
