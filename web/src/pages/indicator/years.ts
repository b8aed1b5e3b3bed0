// The years that an indicator can be asked for.
import type { Answer } from '@/api/types';

const SHOWN = 2; // years shown at first

/** yearsOf lists the years of an answer by year, or else those given. */
export function yearsOf(answer: Answer | undefined, otherwise: number[]): string[] {
  const years = new Set((answer?.rows ?? []).map((r) => r.period.slice(0, 4)));
  if (years.size === 0) otherwise.forEach((y) => years.add(String(y)));
  return [...years].sort();
}

/** defaultYears are the last years that have rows at all. */
export function defaultYears(answer: Answer, years: string[]): [from: string, to: string] {
  const filled = answer.rows.filter((r) => r.rows > 0).map((r) => r.period.slice(0, 4)).sort();
  const last = filled.at(-1) ?? years.at(-1) ?? '';
  const first = years[Math.max(0, years.indexOf(last) - SHOWN + 1)] ?? last;
  return [first, last];
}
