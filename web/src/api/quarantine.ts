// The quarantine workbench: what is held back, and what may be done about it.
import { receipt } from './client';
import { get, list, post, url } from './http';
import type { HeldGroup, HeldRow, Mended, Page, RowState } from './types';

/** Narrowing is what rows are asked for; an empty member does not narrow. */
export interface Narrowing {
  state: RowState;
  dataset?: string;
  code?: string;
  field?: string;
  source?: string;
  owner?: string;
  delivery?: string;
}

export async function getHeldRows(q: Narrowing, page: { cursor?: string; limit?: number }, signal?: AbortSignal): Promise<Page<HeldRow>> {
  const answer = await get<Page<HeldRow>>(url(['quarantine'], { ...q, ...page }), signal);
  return { items: list(answer.items), next_cursor: answer.next_cursor ?? '' };
}

export async function getHeldGroups(q: Narrowing, signal?: AbortSignal): Promise<HeldGroup[]> {
  const answer = await get<{ items: HeldGroup[] }>(url(['quarantine', 'groups'], { ...q }), signal);
  return list(answer.items);
}

/** NEWER is the code of the refusal to put a mended row in the place of one that came later. */
export const NEWER = 'conflict.newer';

/** mend delivers rows of one delivery anew, with values written as a sender would write them; force overrides NEWER. */
export async function mend(delivery: string, rows: { row: number; values: Record<string, string> }[], reason: string, force = false): Promise<Mended> {
  const answer = await post<Mended>(url(['quarantine', 'mend']), { delivery_id: delivery, rows, reason, force });
  return { receipt: receipt(answer.receipt), rows: list(answer.rows) };
}

/** Change is a change of state that needs no new delivery. */
export type Change = 'waive' | 'return' | 'reopen';

/** change moves rows of one delivery to another state, and gives how many it moved. */
export async function change(kind: Change, delivery: string, rows: number[], reason: string): Promise<number> {
  const answer = await post<{ changed: number }>(url(['quarantine', kind]), { delivery_id: delivery, rows, reason });
  return answer.changed;
}

/** errorFile is the address of the file that goes back to the sender, in the sender's own form. */
export function errorFile(delivery: string, q: { state?: RowState; code?: string; field?: string } = {}): string {
  return url(['deliveries', delivery, 'errors'], q);
}
