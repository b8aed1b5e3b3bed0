// What the workbench shows, kept in the address so that it can be sent to a colleague.
import type { LocationQuery } from 'vue-router';
import type { RowState } from '@/api/types';

export const STATES: RowState[] = ['open', 'mended', 'waived', 'returned'];

/** Dimension is what held-back rows are grouped by. */
export const DIMENSIONS = ['dataset', 'code', 'field', 'source', 'owner'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Filter narrows the rows; an empty member does not. */
export type Filter = Record<Dimension | 'delivery', string> & { state: RowState };

const NARROWING = [...DIMENSIONS, 'delivery'] as const;
export type Narrowing = (typeof NARROWING)[number];

function one(query: LocationQuery, key: string): string {
  const value = query[key];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

/** filterOf reads the address; what it does not know counts as the default. */
export function filterOf(query: LocationQuery): Filter {
  const state = STATES.find((s) => s === one(query, 'state')) ?? 'open';
  const rest = Object.fromEntries(NARROWING.map((k) => [k, one(query, k)])) as Record<Narrowing, string>;
  return { state, ...rest };
}

/** dimensionOf reads what the address groups by; reasons when it does not say. */
export function dimensionOf(query: LocationQuery): Dimension {
  return DIMENSIONS.find((d) => d === one(query, 'by')) ?? 'code';
}

/** queryOf writes the address; defaults are left out. */
export function queryOf(filter: Filter, by: Dimension): Record<string, string> {
  const out: Record<string, string> = {};
  if (filter.state !== 'open') out.state = filter.state;
  for (const key of NARROWING) if (filter[key]) out[key] = filter[key];
  if (by !== 'code') out.by = by;
  return out;
}

/** chips lists what narrows the view, in a fixed order. */
export function chips(filter: Filter): { key: Narrowing; value: string }[] {
  return NARROWING.filter((key) => filter[key]).map((key) => ({ key, value: filter[key] }));
}
