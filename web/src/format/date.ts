// Days and periods. Days are strings of the civil calendar; they are never put
// into a Date of the browser's time zone, which would shift them.
import type { Day, Grain } from '@/api/types';

const DAY_MS = 86_400_000;

function utc(day: Day): number {
  return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10)));
}

const iso = (ms: number): Day => new Date(ms).toISOString().slice(0, 10);

/** daysBetween counts the days from one day to another. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((utc(to) - utc(from)) / DAY_MS);
}

/** earlier is the earlier of two days; a day that is not given does not count. */
export function earlier(a: Day, b: Day): Day {
  if (!a || !b) return a || b;
  return a < b ? a : b;
}

/** lastDueEnd is the last day of the latest period of the grain that had ended before today. */
export function lastDueEnd(today: Day, grain: Grain): Day {
  const year = Number(today.slice(0, 4));
  const month = Number(today.slice(5, 7)) - 1;
  switch (grain) {
    case 'day':
    case 'all': // without periods, what is due is due each day
      return iso(utc(today) - DAY_MS);
    case 'month':
      return iso(Date.UTC(year, month, 0));
    case 'quarter':
      return iso(Date.UTC(year, month - (month % 3), 0));
    case 'year':
      return iso(Date.UTC(year, 0, 0));
  }
}

/** instant prints a time in the city's zone, to the minute; "" when none is given. */
export function instant(rfc3339: string | null | undefined, zone = 'Asia/Shanghai'): string {
  if (!rfc3339 || rfc3339.startsWith('0001-')) return '';
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  return parts.format(new Date(rfc3339));
}

/** moment prints a time in the city's zone to the second, where several may come in one minute. */
export function moment(rfc3339: string, zone = 'Asia/Shanghai'): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(new Date(rfc3339));
}

/** clock is the hours and minutes of a time in the city's zone. */
export function clock(rfc3339: string | undefined): string {
  return instant(rfc3339).slice(11);
}

/** wholeDays counts the full days from a time to another; 0 when it is not given or lies ahead. */
export function wholeDays(rfc3339: string | undefined, to: Date): number {
  const from = instant(rfc3339) ? Date.parse(rfc3339 ?? '') : NaN;
  return Number.isNaN(from) ? 0 : Math.max(0, Math.floor((to.getTime() - from) / DAY_MS));
}

/** span prints a range of days; equal ends print once. */
export function span(from: Day, to: Day): string {
  if (!from || !to || from === to) return from || to;
  return `${from} – ${to}`;
}
