// Free questions over the measures, their rows and deliveries, and saved views.
import { grouped } from '@/format/number';
import { del, get, inquire, inquireFile, list, post, put, url } from './http';
import type { Drill, DrillRows, ExploreAnswer, ExploreQuestion, View, ViewDraft } from './exploretypes';
import type { ContributingDelivery, Page } from './types';

/** explore asks a question. */
export async function explore(q: ExploreQuestion, signal?: AbortSignal): Promise<ExploreAnswer> {
  const a = await inquire<ExploreAnswer>(url(['explore']), q, signal);
  const rows = list(a.rows).map((r) => ({
    ...r,
    dims: r.dims ?? {},
    labels: r.labels ?? {},
    cells: Object.fromEntries(Object.entries(r.cells ?? {}).map(([key, cell]) => [key, { ...cell, display: grouped(cell.display ?? '') }])),
  }));
  return { ...a, columns: list(a.columns), rows, sources: list(a.sources), definitions: list(a.definitions), notes: list(a.notes) };
}

/** getDrillRows lists the rows of the dataset behind a cell; identifiers come masked. */
export async function getDrillRows(d: Drill, signal?: AbortSignal): Promise<DrillRows> {
  const page = await inquire<DrillRows>(url(['explore', 'rows']), d, signal);
  return { ...page, columns: list(page.columns), items: list(page.items).map((i) => ({ ...i, values: i.values ?? {} })), next_cursor: page.next_cursor ?? '' };
}

/** getDrillDeliveries lists the deliveries that the rows behind a cell came with. */
export async function getDrillDeliveries(d: Drill, signal?: AbortSignal): Promise<ContributingDelivery[]> {
  return list((await inquire<Page<ContributingDelivery>>(url(['explore', 'deliveries']), d, signal)).items);
}

export const FORMATS = ['xlsx', 'csv', 'parquet'] as const;
export type Format = (typeof FORMATS)[number];

/** exportAnswer gives the answer as a file. */
export function exportAnswer(q: ExploreQuestion, format: Format): Promise<{ name: string; content: Blob }> {
  return inquireFile(url(['explore', 'export'], { format }), q);
}

export async function getViews(signal?: AbortSignal): Promise<View[]> {
  return list((await get<Page<View>>(url(['views']), signal)).items);
}

export function getView(id: string, signal?: AbortSignal): Promise<View> {
  return get<View>(url(['views', id]), signal);
}

export function createView(v: ViewDraft): Promise<View> {
  return post<View>(url(['views']), v);
}

export function updateView(id: string, v: ViewDraft): Promise<View> {
  return put<View>(url(['views', id]), v);
}

/** deleteView takes a view away; restoreView has it back. */
export async function deleteView(v: View): Promise<void> {
  await del(url(['views', v.id], { version: v.version }));
}

export function restoreView(id: string): Promise<View> {
  return post<View>(url(['views', id, 'restore']));
}
