// A difference as a waterfall.
import type { Part } from '@/api/published';

/** Bar is where a part lies between the smallest and the largest value, in percent. */
export interface Bar {
  left: number;
  width: number;
  up: boolean;
}

/** barsOf lays the parts out one after the other, from the first value on; a part that moves nothing has no bar. */
export function barsOf(first: number | null, parts: Pick<Part, 'amount'>[]): (Bar | null)[] {
  let at = first ?? 0;
  const spans = parts.map((p) => {
    const from = at;
    at += Number(p.amount ?? 0);
    return [from, at] as const;
  });
  const ends = spans.flat();
  const low = Math.min(...ends);
  const wide = Math.max(...ends) - low;
  return spans.map(([from, to]) =>
    wide > 0 && from !== to ? { left: ((Math.min(from, to) - low) / wide) * 100, width: (Math.abs(to - from) / wide) * 100, up: to > from } : null);
}
