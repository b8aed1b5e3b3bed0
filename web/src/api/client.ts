// What the console reads of the city. Go writes an empty list as null, so every
// list is made a list in src/api and nowhere else; so are thousands set apart in
// the figures that the server has rounded.
import { grouped } from '@/format/number';
import type { Shapes } from '@/map/geometry';
import { get, list, post, url } from './http';
import type { Answer, Board, City, Dataset, Delivery, Page, QuarantinedRow, Receipt, Rollback, SigningKey, Tag, TargetDetail, TargetStatus } from './types';

/** receipt fills in what a receipt leaves out. */
export function receipt(r: Receipt): Receipt {
  const reasons = list(r.reasons).map((x) => ({ ...x, sample: list(x.sample) }));
  return {
    ...r,
    reasons,
    sums: r.sums ?? {},
    batch: r.batch ?? '',
    file: r.file ?? '',
    message: r.message ?? '',
    period: r.period ?? { from: '', to: '' },
    balance: list(r.balance),
    distinct: list(r.distinct),
    findings: list(r.findings).map((x) => ({ ...x, sample: list(x.sample) })),
    drift: list(r.drift),
  };
}

/** parseReceipt reads a receipt that came by another road, such as an event. */
export function parseReceipt(text: string): Receipt {
  return receipt(JSON.parse(text) as Receipt);
}

export async function getCity(signal?: AbortSignal): Promise<City> {
  const c = await get<City>(url(['city']), signal);
  const indicators = list(c.indicators).map((i) => ({ ...i, dimensions: list(i.dimensions), targets: list(i.targets) }));
  return { ...c, regions: list(c.regions), organisations: list(c.organisations), years: list(c.years), indicators };
}

function status<T extends TargetStatus>(t: T): T {
  const promise = t.value === null ? t.promise : grouped(t.promise);
  return { ...t, promise, display: grouped(t.display ?? ''), curve: list(t.curve) };
}

export async function getBoard(year: number | undefined, signal?: AbortSignal): Promise<Board> {
  const b = await get<Board>(url(['targets'], { year }), signal);
  const targets = list(b.targets).map(status);
  const plans = list(b.plans).map((p) => ({ ...p, chapters: list(p.chapters) }));
  return { ...b, years: list(b.years), counts: b.counts ?? {}, targets, plans };
}

export async function getTarget(name: string, signal?: AbortSignal): Promise<TargetDetail> {
  const t = await get<TargetDetail>(url(['targets', name]), signal);
  const districts = list(t.districts).map((d) => ({ ...d, display: grouped(d.display ?? '') }));
  return { ...status(t), districts, deliveries: list(t.deliveries) };
}

/** Query is a question to an indicator; period is 2024, 2024-01 or a range of two joined by "..". */
export interface Query {
  by?: string[];
  period?: string;
  grain?: string;
  where?: string[];
  /** a tag's name, a day or an RFC 3339 time; the present by default */
  asOf?: string;
}

export async function getAnswer(name: string, q: Query, signal?: AbortSignal): Promise<Answer> {
  const params = { by: q.by?.join(','), period: q.period, grain: q.grain, where: q.where, as_of: q.asOf };
  const a = await get<Answer>(url(['indicators', name, 'query'], params), signal);
  const rows = list(a.rows).map((r) => ({ ...r, display: grouped(r.display ?? '') }));
  return { ...a, by: list(a.by), rows };
}

export async function getDatasets(signal?: AbortSignal): Promise<Dataset[]> {
  const page = await get<{ items: Dataset[] }>(url(['datasets']), signal);
  return list(page.items).map((d) => ({ ...d, fields: list(d.fields), checks: list(d.checks) }));
}

function delivery(d: Delivery): Delivery {
  return { ...receipt(d), state: d.state ?? d.status, rollback: d.rollback ?? null };
}

export async function getDeliveries(
  q: { dataset?: string; limit?: number; cursor?: string },
  signal?: AbortSignal,
): Promise<Page<Delivery>> {
  const page = await get<Page<Delivery>>(url(['deliveries'], q), signal);
  return { items: list(page.items).map(delivery), next_cursor: page.next_cursor ?? '' };
}

export async function getDelivery(id: string, signal?: AbortSignal): Promise<Delivery> {
  return delivery(await get<Delivery>(url(['deliveries', id]), signal));
}

/** receiptAddress is where the receipt stands byte by byte as it was signed. */
export function receiptAddress(id: string): string {
  return url(['deliveries', id, 'receipt']);
}

/** getKeys lists the city's public keys. */
export async function getKeys(signal?: AbortSignal): Promise<SigningKey[]> {
  const page = await get<{ items: SigningKey[] }>(url(['keys']), signal);
  return list(page.items);
}

/** rollBack takes a delivery back, or with dryRun says only what that would remove and restore. */
export function rollBack(id: string, reason: string, dryRun: boolean): Promise<Rollback> {
  return post<Rollback>(url(['deliveries', id, 'rollback']), { reason, dry_run: dryRun });
}

/** getTags lists the named states of the city, the newest first. */
export async function getTags(signal?: AbortSignal): Promise<Tag[]> {
  const page = await get<{ items: Tag[] }>(url(['tags']), signal);
  return list(page.items).sort((a, b) => b.at.localeCompare(a.at));
}

export async function getQuarantine(
  id: string,
  q: { limit?: number; cursor?: string },
  signal?: AbortSignal,
): Promise<Page<QuarantinedRow>> {
  const page = await get<Page<QuarantinedRow>>(url(['deliveries', id, 'quarantine'], q), signal);
  return { items: list(page.items), next_cursor: page.next_cursor ?? '' };
}

/** sayInChinese gives sentences of the program in Chinese, in their order; '' where it has no words for one. */
export async function sayInChinese(sentences: string[]): Promise<string[]> {
  return list((await post<{ zh: string[] | null }>(url(['words']), { sentences })).zh);
}

/** getOutlines reads where the regions of the pack lie. */
export function getOutlines(signal?: AbortSignal): Promise<Shapes> {
  return get<Shapes>(url(['outlines']), signal);
}
