// The sources that deliveries are fetched from.
import { get, list, post, url } from './http';
import type { Collected } from './types';

/** Order is what a source may be told. */
export type Order = 'run' | 'pause' | 'resume';

export async function getSources(signal?: AbortSignal): Promise<Collected[]> {
  const page = await get<{ items: Collected[] }>(url(['sources']), signal);
  return list(page.items);
}

export function orderSource(name: string, order: Order): Promise<Collected> {
  return post<Collected>(url(['sources', name, order]));
}
