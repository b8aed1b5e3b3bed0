// Which periods can be closed, and by what.
import type { Day, IndicatorInfo } from '@/api/types';

/** How many months back a person may choose from the list; the command line takes any. */
const MONTHS = 18;

/** closable lists the months up to a day, the latest first. The last one may not be over yet: the server then asks for a reason. */
export function closable(today: Day): string[] {
  if (!today) return [];
  let year = Number(today.slice(0, 4));
  let month = Number(today.slice(5, 7));
  const out: string[] = [];
  for (let i = 0; i < MONTHS; i++) {
    out.push(`${year}-${String(month).padStart(2, '0')}`);
    month -= 1;
    if (month === 0) {
      month = 12;
      year -= 1;
    }
  }
  return out;
}

/** regionDimensions lists the dimensions by which figures of districts are kept. */
export function regionDimensions(indicators: IndicatorInfo[]): string[] {
  return indicators.some((i) => i.dimensions.includes('region')) ? ['region'] : [];
}
