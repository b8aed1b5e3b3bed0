// The only place that talks to the server. Go writes an empty list as null, so
// every list is made a list here and nowhere else; so are thousands set apart in
// the figures that the server has rounded.
import { ref } from 'vue';
import { grouped } from '@/format/number';
import { ApiError, problemFrom } from './errors';
import type { Answer, Board, City, Dataset, Page, QuarantinedRow, Receipt, TargetDetail, TargetStatus } from './types';

const BASE = '/api/v1';

/** reachable turns false when a request gets no answer, and true with the next answer. */
export const reachable = ref(true);

type Params = Record<string, string | number | string[] | undefined>;

/** url builds an address below the API's root; empty parameters are left out. */
export function url(path: string[], params: Params = {}): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value === undefined || value === '') continue;
    for (const v of Array.isArray(value) ? value : [value]) query.append(key, String(v));
  }
  const q = query.toString();
  return `${BASE}/${path.map(encodeURIComponent).join('/')}${q ? `?${q}` : ''}`;
}

async function get<T>(address: string, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(address, { signal, headers: { Accept: 'application/json' } });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    reachable.value = false;
    throw new ApiError('unreachable', 0, '', '');
  }
  // A proxy in front of a stopped server answers with a page of its own.
  const gateway = response.status >= 502 && response.status <= 504;
  reachable.value = !gateway || (response.headers.get('Content-Type') ?? '').includes('json');
  if (!response.ok) throw await problemFrom(response);
  return (await response.json()) as T;
}

const list = <T>(value: T[] | null | undefined): T[] => value ?? [];

function receipt(r: Receipt): Receipt {
  const reasons = list(r.reasons).map((x) => ({ ...x, sample: list(x.sample) }));
  return {
    ...r,
    reasons,
    sums: r.sums ?? {},
    batch: r.batch ?? '',
    file: r.file ?? '',
    message: r.message ?? '',
    period: r.period ?? { from: '', to: '' },
  };
}

/** parseReceipt reads a receipt that came by another road, such as an event. */
export function parseReceipt(text: string): Receipt {
  return receipt(JSON.parse(text) as Receipt);
}

export async function getCity(signal?: AbortSignal): Promise<City> {
  const c = await get<City>(url(['city']), signal);
  const indicators = list(c.indicators).map((i) => ({ ...i, dimensions: list(i.dimensions) }));
  return { ...c, regions: list(c.regions), organisations: list(c.organisations), years: list(c.years), indicators };
}

function status<T extends TargetStatus>(t: T): T {
  const promise = t.value === null ? t.promise : grouped(t.promise);
  return { ...t, promise, display: grouped(t.display ?? ''), curve: list(t.curve) };
}

export async function getBoard(year: number | undefined, signal?: AbortSignal): Promise<Board> {
  const b = await get<Board>(url(['targets'], { year }), signal);
  const targets = list(b.targets).map(status);
  const plan = { ...b.plan, chapters: list(b.plan?.chapters) };
  return { ...b, years: list(b.years), counts: b.counts ?? {}, targets, plan };
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
}

export async function getAnswer(name: string, q: Query, signal?: AbortSignal): Promise<Answer> {
  const params = { by: q.by?.join(','), period: q.period, grain: q.grain, where: q.where };
  const a = await get<Answer>(url(['indicators', name, 'query'], params), signal);
  const rows = list(a.rows).map((r) => ({ ...r, display: grouped(r.display ?? '') }));
  return { ...a, by: list(a.by), rows };
}

export async function getDatasets(signal?: AbortSignal): Promise<Dataset[]> {
  const page = await get<{ items: Dataset[] }>(url(['datasets']), signal);
  return list(page.items).map((d) => ({ ...d, fields: list(d.fields) }));
}

export async function getDeliveries(
  q: { dataset?: string; limit?: number; cursor?: string },
  signal?: AbortSignal,
): Promise<Page<Receipt>> {
  const page = await get<Page<Receipt>>(url(['deliveries'], q), signal);
  return { items: list(page.items).map(receipt), next_cursor: page.next_cursor ?? '' };
}

export async function getDelivery(id: string, signal?: AbortSignal): Promise<Receipt> {
  return receipt(await get<Receipt>(url(['deliveries', id]), signal));
}

export async function getQuarantine(
  id: string,
  q: { limit?: number; cursor?: string },
  signal?: AbortSignal,
): Promise<Page<QuarantinedRow>> {
  const page = await get<Page<QuarantinedRow>>(url(['deliveries', id, 'quarantine'], q), signal);
  return { items: list(page.items), next_cursor: page.next_cursor ?? '' };
}
