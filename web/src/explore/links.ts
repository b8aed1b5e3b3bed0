// Questions that other pages lead to.
import type { RouteLocationRaw } from 'vue-router';
import type { Grain } from '@/api/types';
import { EMPTY, queryOf, ROLLING, type Question } from './question';
import { withValues } from './where';

/** Lead is what a page knows of the question that a reader of it may go on with. */
export interface Lead {
  indicator: string;
  /** the dimensions that the indicator has; districts are shown when region is among them */
  dimensions: string[];
  period: string;
  grain?: Grain;
  region?: string;
}

/** linkTo is the address in Explore of a figure: by district where there are any, or within the one named. */
export function linkTo(lead: Lead): RouteLocationRaw {
  const regional = lead.dimensions.includes('region');
  const question: Question = {
    ...EMPTY,
    measures: [{ indicator: lead.indicator, show: ['value', 'previous'], rolling: ROLLING }],
    period: lead.period,
    grain: lead.grain ?? (regional && !lead.region ? 'all' : 'month'),
    by: regional && !lead.region ? ['region'] : [],
    where: regional && lead.region ? withValues([], 'region', [lead.region], false) : [],
  };
  return { path: '/explore', query: queryOf(question) };
}
