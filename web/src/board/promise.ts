// What was promised, and how far the actual value is from it.
import type { TargetStatus } from '@/api/types';
import { figure } from '@/format/number';

/**
 * promised is the promise without its unit, "" for a milestone. A promise that
 * is relative to another indicator is a number only once that indicator has
 * one; the server gives it as the pace.
 */
export function promised(v: TargetStatus): string {
  if (v.kind !== 'relative') return v.promise;
  if (v.pace === null) return '';
  const sign = /^[^\d\s-]+/.exec(v.promise)?.[0] ?? '';
  return `${sign} ${figure(v.pace, v.decimals)}`.trim();
}

/** Distance is how an actual value stands to what is expected of it. */
export type Distance =
  | { kind: 'kept' }
  | { kind: 'over' | 'short'; by: number } // of a limit or level, in the unit of the target
  | { kind: 'behind' | 'ahead'; by: number } // of a pace, in percentage points of the target
  | { kind: 'level' };

const NOTHING = 0.05; // points; below this a distance is not spoken of

/** distance compares with the value where it holds at all times, and with the pace where it is still growing. */
export function distance(v: TargetStatus): Distance | undefined {
  if (v.lag === null || v.actual === null || v.state === 'no_data') return undefined;
  const expected = v.kind === 'relative' ? v.pace : v.value;
  if (expected !== null && (v.kind === 'relative' || v.pace === v.value)) {
    if (v.lag <= 0) return { kind: 'kept' };
    return { kind: v.actual > expected ? 'over' : 'short', by: Math.abs(v.actual - expected) };
  }
  if (Math.abs(v.lag) < NOTHING) return { kind: 'level' };
  return { kind: v.lag > 0 ? 'behind' : 'ahead', by: Math.abs(v.lag) };
}
