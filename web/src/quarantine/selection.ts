// Which rows of a table are chosen, and where the keyboard stands; pure steps
// from one state to the next.
import type { HeldRow } from '@/api/types';

/** Selection is immutable: every step gives a new one. */
export interface Selection {
  chosen: ReadonlySet<string>;
  /** index of the row that the keyboard is on */
  at: number;
  /** index where a range began */
  anchor: number;
}

export const NOTHING: Selection = { chosen: new Set(), at: 0, anchor: 0 };

/** keyOf names a row across deliveries. */
export const keyOf = (r: HeldRow): string => `${r.delivery_id} ${r.row}`;

/** toggle chooses a row or lets it go, and stands on it. */
export function toggle(s: Selection, rows: HeldRow[], at: number): Selection {
  const row = rows[at];
  if (!row) return s;
  const chosen = new Set(s.chosen);
  if (!chosen.delete(keyOf(row))) chosen.add(keyOf(row));
  return { chosen, at, anchor: at };
}

/** extend chooses everything between where the range began and a row. */
export function extend(s: Selection, rows: HeldRow[], to: number): Selection {
  const at = clamp(to, rows.length);
  const [from, until] = s.anchor < at ? [s.anchor, at] : [at, s.anchor];
  const chosen = new Set(s.chosen);
  for (const row of rows.slice(from, until + 1)) chosen.add(keyOf(row));
  return { chosen, at, anchor: s.anchor };
}

/** moveTo stands on a row without choosing it. */
export function moveTo(s: Selection, rows: HeldRow[], to: number): Selection {
  const at = clamp(to, rows.length);
  return { ...s, at, anchor: at };
}

/** chooseAll chooses every row. */
export function chooseAll(s: Selection, rows: HeldRow[]): Selection {
  return { ...s, chosen: new Set(rows.map(keyOf)) };
}

/** clear lets all rows go. */
export function clear(s: Selection): Selection {
  return { ...s, chosen: new Set() };
}

/** keep forgets rows that are no longer there. */
export function keep(s: Selection, rows: HeldRow[]): Selection {
  const here = new Set(rows.map(keyOf));
  const at = clamp(s.at, rows.length);
  return { chosen: new Set([...s.chosen].filter((k) => here.has(k))), at, anchor: Math.min(s.anchor, at) };
}

/** press answers a key of the table; undefined when the key means nothing there. */
export function press(s: Selection, rows: HeldRow[], key: { key: string; shift: boolean; ctrl: boolean }): Selection | undefined {
  const to = { ArrowDown: s.at + 1, ArrowUp: s.at - 1, Home: 0, End: rows.length - 1 }[key.key];
  if (to !== undefined && !key.ctrl) return key.shift ? extend(s, rows, to) : moveTo(s, rows, to);
  if (key.key === ' ') return key.shift ? extend(s, rows, s.at) : toggle(s, rows, s.at);
  if (key.key.toLowerCase() === 'a' && key.ctrl) return chooseAll(s, rows);
  if (key.key === 'Escape' && s.chosen.size > 0) return clear(s);
  return undefined;
}

function clamp(i: number, length: number): number {
  return Math.max(0, Math.min(i, length - 1));
}
