// The geometry of a sparkline, apart from its drawing.
import type { Point } from '@/api/types';

const PAD = 3; // pixels kept free on all sides

/** range is the lowest and highest of all actual and pace values; undefined without any actual. */
export function range(curve: Point[]): [number, number] | undefined {
  if (!curve.some((p) => p.value !== null)) return undefined;
  const values = curve.flatMap((p) => [p.value, p.pace]).filter((v) => v !== null);
  return [Math.min(...values), Math.max(...values)];
}

/** line joins the values that are there; one that a rule forbids breaks it. */
export function line(
  curve: Point[],
  of: (p: Point) => number | null,
  bounds: [number, number] | undefined,
  width: number,
  height: number,
): { path: string; last: [number, number] | undefined } {
  let path = '';
  let last: [number, number] | undefined;
  let pen = false;
  if (!bounds) return { path, last };
  const [low, high] = bounds;
  const step = (width - 2 * PAD) / Math.max(curve.length - 1, 1);
  curve.forEach((point, i) => {
    const value = of(point);
    if (value === null) {
      pen &&= point.status !== 'not_valid';
      return;
    }
    const share = high > low ? (value - low) / (high - low) : 0.5;
    last = [round(PAD + i * step), round(height - PAD - share * (height - 2 * PAD))];
    path += `${pen ? 'L' : 'M'}${last[0]} ${last[1]}`;
    pen = true;
  });
  return { path, last };
}

const round = (v: number): number => Math.round(v * 10) / 10;
