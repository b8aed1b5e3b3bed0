// A made-up quarantine for work on the console: rows of several datasets that
// can be mended, waived, sent back and reopened, until the server is restarted.
import type { HeldGroup, HeldRow, Mended, MendedRow, Receipt, RowState } from '../src/api/types';

const NOW = Date.now();
const ago = (days: number): string => new Date(NOW - days * 86_400_000).toISOString();

interface Kind { dataset: string; delivery: string; file: string; source: string; owner: string; code: string; field: string; message: string; text: string; n: number; days: number }
const KINDS: Kind[] = [
  { dataset: 'hrss.employment', delivery: '01JB9000', file: 'hrss.employment-2024-10.csv', source: 'hrss-inbox', owner: 'hrss', code: 'id_check', field: 'person', message: 'the check digit is 4, not 8', text: '20241000{n},1401**********1234,小店区,2024-10-12,单位就业,91140100MA0K1234X8', n: 52, days: 3 },
  { dataset: 'hrss.employment', delivery: '01JB9000', file: 'hrss.employment-2024-10.csv', source: 'hrss-inbox', owner: 'hrss', code: 'not_in_list', field: 'kind', message: 'the value is not one of the declared', text: '20241000{n},1401**********1234,迎泽区,2024-10-15,返聘,', n: 23, days: 3 },
  { dataset: 'hrss.employment', delivery: '01JB8996', file: 'hrss.employment-2024-08-a-very-long-name-of-a-file.csv', source: '', owner: 'hrss', code: 'unknown_region', field: 'region', message: '"南城区" is no region', text: '20240800{n},1401**********5678,南城区,2024-08-02,自主创业,', n: 12, days: 41 },
  { dataset: 'hrss.employment', delivery: '01JB8996', file: 'hrss.employment-2024-08-a-very-long-name-of-a-file.csv', source: '', owner: 'hrss', code: 'field_count', field: '', message: 'the record has 5 fields, 6 are expected', text: '20240801{n},1401**********5678,晋源区,2024-08-09', n: 2, days: 41 },
  { dataset: 'env.air_daily', delivery: '01JB8997', file: 'air.csv', source: 'env-air', owner: 'ecology', code: 'above_max', field: 'pm25', message: '9999 is above 1000', text: '2024-09-{n},9999', n: 6, days: 0 },
];

function rowsOf(k: Kind, first: number): HeldRow[] {
  return Array.from({ length: k.n }, (_, i) => ({
    delivery_id: k.delivery, row: first + 17 + i * 7, dataset: k.dataset, field: k.field, code: k.code, message: k.message, text: k.text.replace('{n}', String(10 + i)),
    owner: k.owner, source: k.source, file: k.file, state: 'open', since: ago(k.days), age_days: k.days, note: '', by: '', at: '', mended_by: '',
  }));
}

const rows: HeldRow[] = KINDS.flatMap((k, i) => rowsOf(k, i * 1000));

function matching(q: URLSearchParams): HeldRow[] {
  const asked = (key: string, value: string) => !q.get(key) || q.get(key) === value;
  return rows.filter((r) => asked('state', r.state) && asked('dataset', r.dataset) && asked('code', r.code) && asked('field', r.field)
    && asked('source', r.source) && asked('owner', r.owner) && asked('delivery', r.delivery_id));
}

/** list pages through the rows. */
export function list(q: URLSearchParams): { items: HeldRow[]; next_cursor?: string } {
  const all = matching(q);
  const from = Number(q.get('cursor') ?? 0);
  const to = from + Number(q.get('limit') ?? 50);
  return { items: all.slice(from, to), next_cursor: to < all.length ? String(to) : undefined };
}

/** groups counts them. */
export function groups(q: URLSearchParams): { items: HeldGroup[]; total: number } {
  const all = matching(q);
  const byKey = new Map<string, HeldGroup>();
  for (const r of all) {
    const { dataset, code, field, source, owner } = r;
    const key = [dataset, code, field, source, owner].join(' ');
    const g = byKey.get(key) ?? { dataset, code, field, source, owner, count: 0, oldest: r.since, newest: r.since };
    g.count++;
    byKey.set(key, g);
  }
  return { items: [...byKey.values()], total: all.length };
}

interface Order { delivery_id: string; rows: number[] | { row: number; values: Record<string, string> }[]; reason: string }

/** change moves rows to the state that a path names. */
export function change(kind: string, order: Order): { changed: number } {
  const to = { waive: 'waived', return: 'returned', reopen: 'open' }[kind] as RowState;
  const named = new Set(order.rows as number[]);
  const found = rows.filter((r) => r.delivery_id === order.delivery_id && named.has(r.row));
  for (const r of found) Object.assign(r, { state: to, note: order.reason, by: 'api:local', at: new Date().toISOString() });
  return { changed: found.length };
}

/** mend takes every value but one that holds a question mark. */
export function mend(order: Order, receipt: Receipt): Mended {
  const asked = new Map((order.rows as { row: number; values: Record<string, string> }[]).map((r) => [r.row, r.values]));
  const found = rows.filter((r) => r.delivery_id === order.delivery_id && asked.has(r.row));
  const results: MendedRow[] = found.map((r) => {
    const bad = Object.values(asked.get(r.row) ?? {}).some((v) => v.includes('?'));
    if (bad) return { row: r.row, state: 'open', code: r.code, field: r.field, message: 'the value still fails' };
    Object.assign(r, { state: 'mended', note: order.reason, by: 'api:local', at: new Date().toISOString(), mended_by: receipt.delivery_id });
    return { row: r.row, state: 'mended' };
  });
  return { receipt, rows: results };
}
