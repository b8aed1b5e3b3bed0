// How a cell of the answer is written. The server has rounded the figure; the
// console adds a sign to what is a change, and words to what has no value.
import type { ExploreAnswer, ExploreCell, ExploreColumn, ExploreRow } from '@/api/exploretypes';
import type { Status } from '@/api/types';
import { MISSING } from '@/format/number';

const CHANGES: (string | undefined)[] = ['yoy', 'yoy_diff', 'mom', 'mom_diff', 'festival_yoy'];

/** isChange says whether a column holds differences, which show their sign. */
export const isChange = (column: ExploreColumn): boolean => CHANGES.includes(column.show);

/** figureOf writes the value of a cell; "" when it has none. */
export function figureOf(column: ExploreColumn, cell: ExploreCell): string {
  if (cell.value === null) return '';
  const text = cell.display.replace('-', '\u2212');
  if (column.show === 'rank_change') return moved(cell.value, text);
  return isChange(column) && cell.value > 0 && /^\d/.test(text) && /[1-9]/.test(text) ? `+${text}` : text;
}

/** moved writes how many places up or down; the arrow says it without a colour. */
function moved(value: number, text: string): string {
  const size = text.replace(/^[+\u2212]/, '');
  if (value > 0) return `↑${size}`;
  return value < 0 ? `↓${size}` : '=';
}

/** Mark is the status that must stand in words beside or instead of a figure. */
export type Mark = Exclude<Status, 'valid'>;

/** markOf names what a reader has to know of a cell; undefined when there is nothing. */
export function markOf(cell: ExploreCell): Mark | undefined {
  return cell.status === 'valid' ? undefined : cell.status;
}

/** labelOf writes the value of a dimension; MISSING in a row that sums over it. */
export function labelOf(row: ExploreRow, dimension: string, text: (t: ExploreRow['labels'][string] | undefined) => string): string {
  if (!(dimension in row.dims)) return '';
  return text(row.labels[dimension]) || row.dims[dimension] || MISSING;
}

/** rowKey tells rows apart: their kind, their place and their period. */
export function rowKey(row: ExploreRow, index: number): string {
  return `${row.kind} ${Object.entries(row.dims).map(([k, v]) => `${k}=${v}`).join(' ')} ${row.period} ${row.kind === 'cell' ? '' : index}`;
}

/** measureColumns lists the columns that hold figures. */
export const measureColumns = (a: ExploreAnswer): ExploreColumn[] => a.columns.filter((c) => c.kind === 'measure');

/** firstOrder is how a column is sorted by the first click: figures fall, names and ranks rise. */
export function firstOrder(column: ExploreColumn): 'desc' | 'asc' {
  return column.kind === 'measure' && column.show !== 'rank' ? 'desc' : 'asc';
}

/** shownColumns leaves out the period where all rows have the same one, which the heading names. */
export function shownColumns(a: ExploreAnswer): ExploreColumn[] {
  const one = new Set(a.rows.map((r) => r.period)).size <= 1;
  return one ? a.columns.filter((c) => c.kind !== 'period') : a.columns;
}
