// The periods that people ask for by name, as the API writes them. They are
// counted from the day that the data are complete to, for what is not complete
// cannot be compared, and written out as months, so that a link shows tomorrow
// what it showed today.
import type { Day } from '@/api/types';

export const PRESETS = ['ytd', 'last_month', 'last_quarter', 'last12', 'this_year', 'last_year', 'two_years', 'all'] as const;
export type Preset = (typeof PRESETS)[number];

const month = (index: number): string => `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
const range = (from: number, to: number): string => (from === to ? month(from) : `${month(from)}..${month(to)}`);

/** lastMonth counts the months since the year 0 up to the last one that has ended on a day. */
function lastMonth(day: Day): number {
  const [year = 0, m = 0, d = 0] = day.split('-').map(Number);
  const ended = new Date(Date.UTC(year, m - 1, d + 1)).getUTCDate() === 1;
  return year * 12 + m - (ended ? 1 : 2);
}

/** presetPeriod is the period that a preset stands for where data are complete to a day; "" for all there is. */
export function presetPeriod(preset: Preset, completeTo: Day): string {
  if (!completeTo) return '';
  const last = lastMonth(completeTo);
  const year = Math.floor(last / 12);
  switch (preset) {
    case 'ytd':
      return range(year * 12, last);
    case 'last_month':
      return month(last);
    case 'last_quarter': {
      const after = last + 1 - ((last + 1) % 3);
      return range(after - 3, after - 1);
    }
    case 'last12':
      return range(last - 11, last);
    case 'this_year':
      return String(year);
    case 'last_year':
      return String(year - 1);
    case 'two_years':
      return `${year - 1}..${year}`;
    case 'all':
      return '';
  }
}

/** presetOf names the first preset that a period is; undefined when it is none of them. */
export function presetOf(period: string, completeTo: Day): Preset | undefined {
  return PRESETS.find((p) => presetPeriod(p, completeTo) === period);
}

const ONE = /^\d{4}(Q[1-4]|-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;

/** isPeriod says whether a text is a period or a range of two, the earlier first. */
export function isPeriod(text: string): boolean {
  const [from = '', to, more] = text.split('..');
  if (more !== undefined || !ONE.test(from)) return false;
  if (to === undefined) return true;
  return ONE.test(to) && bounds(from)[0] <= bounds(to)[1];
}

/** bounds are the first and last month of a period that isPeriod accepts; ["", ""] of none. */
export function bounds(period: string): [string, string] {
  const [from = '', to = from] = period.split('..');
  return [edge(from, 0), edge(to, 1)];
}

function edge(period: string, end: 0 | 1): string {
  const quarter = /^(\d{4})Q([1-4])$/.exec(period);
  if (quarter) return month(Number(quarter[1]) * 12 + (Number(quarter[2]) - 1) * 3 + (end ? 2 : 0));
  if (/^\d{4}$/.test(period)) return `${period}-${end ? '12' : '01'}`;
  return period.slice(0, 7);
}

/** between writes the months from one to another; the same month twice is one month. */
export function between(from: string, to: string): string {
  if (!from || !to) return from || to;
  const [a, b] = from <= to ? [from, to] : [to, from];
  return a === b ? a : `${a}..${b}`;
}

/** periodWords prints a period; whole months are written as months, and the two ends of a range stand apart. */
export function periodWords(period: string): string {
  const [from = '', to] = period.split('..');
  if (to === undefined) return from;
  const months = from.endsWith('-01') && from.length === 10 && to.length === 10 && lastMonth(to) === index(to);
  const [a, b] = months ? [from.slice(0, 7), to.slice(0, 7)] : [from, to];
  return a === b ? a : `${a} – ${b}`;
}

const index = (day: Day): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;

/** monthOf reads a month as people type it, 2024-01, 2024.1 or 202401; undefined when it is none. */
export function monthOf(text: string): string | undefined {
  const m = /^(\d{4})[-./]?(\d{1,2})$/.exec(text.trim());
  const n = Number(m?.[2]);
  return m && n >= 1 && n <= 12 ? `${m[1]}-${String(n).padStart(2, '0')}` : undefined;
}
