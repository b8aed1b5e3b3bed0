// The server changes rows of one delivery at a time; a selection may span many.
import type { HeldRow } from '@/api/types';

/** Batch is the rows of one delivery. */
export interface Batch {
  delivery: string;
  rows: HeldRow[];
}

/** LIMIT is the most rows of one request, so that each is answered soon. */
export const LIMIT = 500;

/** batchesOf splits rows by delivery, in their order, and long ones into parts. */
export function batchesOf(rows: HeldRow[]): Batch[] {
  const byDelivery = new Map<string, HeldRow[]>();
  for (const r of rows) byDelivery.set(r.delivery_id, [...(byDelivery.get(r.delivery_id) ?? []), r]);
  const out: Batch[] = [];
  for (const [delivery, all] of byDelivery) {
    for (let i = 0; i < all.length; i += LIMIT) out.push({ delivery, rows: all.slice(i, i + LIMIT) });
  }
  return out;
}

/** common is the value that all rows share; "" when they differ or there are none. */
export function common(rows: HeldRow[], of: 'dataset' | 'field' | 'code' | 'delivery_id'): string {
  const first = rows[0]?.[of] ?? '';
  return rows.every((r) => r[of] === first) ? first : '';
}
