// Counts of held-back rows along one dimension, out of the server's finest groups.
import type { HeldGroup } from '@/api/types';
import { DIMENSIONS, type Dimension, type Filter } from './filter';

/** Line is one value of a dimension with what it counts. */
export interface Line {
  key: string;
  value: string;
  /** the dataset that a field belongs to; "" for other dimensions */
  dataset: string;
  count: number;
  oldest: string;
}

/** matching keeps the groups that a filter lets through, whatever it says of the dimension that is left open. */
export function matching(groups: HeldGroup[], filter: Filter, open?: Dimension): HeldGroup[] {
  const narrowing = DIMENSIONS.filter((d) => d !== open && filter[d]);
  return groups.filter((g) => narrowing.every((d) => g[d] === filter[d]));
}

/** linesOf adds the groups up by a dimension, the most rows first. */
export function linesOf(groups: HeldGroup[], by: Dimension): Line[] {
  const lines = new Map<string, Line>();
  for (const g of groups) {
    // A field's name means something only within its dataset.
    const dataset = by === 'field' ? g.dataset : '';
    const key = `${dataset} ${g[by]}`;
    const line = lines.get(key) ?? { key, value: g[by], dataset, count: 0, oldest: g.oldest };
    line.count += g.count;
    if (g.oldest < line.oldest) line.oldest = g.oldest;
    lines.set(key, line);
  }
  return [...lines.values()].sort((a, b) => b.count - a.count || a.key.localeCompare(b.key));
}

/** total is how many rows the groups count. */
export function total(groups: HeldGroup[]): number {
  return groups.reduce((sum, g) => sum + g.count, 0);
}
