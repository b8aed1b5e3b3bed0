// Free questions and saved views of the made-up city. Figures come from the
// place in the table, so that the same question always has the same answer.
import type { Drill, DrillRows, ExploreAnswer, ExploreCell, ExploreColumn, ExploreQuestion, ExploreRow, View, ViewDraft } from '../src/api/exploretypes.ts';
import type { Text } from '../src/api/types.ts';
import { city, receipts } from './city.ts';

const tx = (zh: string, en: string): Text => ({ zh, en });
const KINDS: [string, Text][] = [['hire', tx('招用', 'Hired')], ['self', tx('自谋职业', 'Self-employed')], ['flexible', tx('灵活就业', 'Flexible')]];
const WORDS: Record<string, Text> = { value: tx('数值', 'value'), yoy: tx('同比', 'growth on year'), mom: tx('环比', 'growth on period'), share: tx('占比', 'share'), rank: tx('排名', 'rank'), rank_change: tx('位次变化', 'places moved'), previous: tx('上年同期', 'year before'), ytd: tx('累计', 'year to date') };
const PERCENT = { name: 'percent', title: tx('%', '%') };

function valuesOf(dimension: string): [string, Text][] {
  if (dimension === 'region') return city.regions.map((r) => [r.code, r.name]);
  return KINDS;
}

function months(period = '2024'): string[] {
  const [from = '2024', to = from] = period.split('..');
  const [a, b] = [from.length > 4 ? from : `${from}-01`, to.length > 4 ? to : `${to}-12`];
  const out: string[] = [];
  for (let y = Number(a.slice(0, 4)); y <= Number(b.slice(0, 4)); y++) {
    for (let m = 1; m <= 12; m++) {
      const month = `${y}-${String(m).padStart(2, '0')}`;
      if (month >= a && month <= b) out.push(month);
    }
  }
  return out;
}

function noise(text: string): number {
  let h = 7;
  for (const c of text) h = (h * 31 + c.charCodeAt(0)) % 9973;
  return h / 9973;
}

function cell(show: string, seed: string, decimals: number, at: number): ExploreCell {
  const n = noise(seed);
  if (show === 'value' && n < 0.04) return { value: null, display: '', status: 'suppressed', reason: tx('不足 5 人', 'fewer than 5 persons'), rows: 0 };
  const value = show === 'rank' ? at + 1 : show === 'rank_change' ? Math.round(n * 6 - 3) : ['yoy', 'mom', 'share'].includes(show) ? Number((n * 30 - 8).toFixed(1)) : Number((n * (decimals ? 100 : 9000)).toFixed(decimals));
  return { value, display: String(value), status: n > 0.96 ? 'provisional' : 'valid', rows: Math.round(n * 400) };
}

function columnsOf(q: ExploreQuestion, periods: boolean): ExploreColumn[] {
  const by: ExploreColumn[] = (q.by ?? []).map((d) => ({ key: d, kind: 'dimension', title: d === 'region' ? tx('县区', 'District') : tx('就业方式', 'Kind') }));
  const period: ExploreColumn[] = periods ? [{ key: 'period', kind: 'period', title: tx('时段', 'Period') }] : [];
  const figures = q.measures.flatMap((m, i) => {
    const info = city.indicators.find((x) => x.name === m.indicator);
    return (m.show ?? ['value']).map((show): ExploreColumn => {
      const change = ['yoy', 'mom', 'share'].includes(show);
      const plain = show === 'rank' || show === 'rank_change';
      const title = show === 'value' ? info?.title : tx(`${info?.title.zh}${WORDS[show]?.zh ?? show}`, `${info?.title.en}, ${WORDS[show]?.en ?? show}`);
      return { key: `m${i}.${show}`, kind: 'measure', measure: i, indicator: m.indicator, show, title: title ?? tx(m.indicator, m.indicator), unit: plain ? { name: 'place', title: tx('位', 'place') } : change ? PERCENT : info?.unit, decimals: change ? 1 : (info?.decimals ?? 0), better: info?.better, additive: info?.decimals === 0 };
    });
  });
  return [...by, ...period, ...figures];
}

/** ask answers a question; one over an unknown measure is a problem. */
export function ask(q: ExploreQuestion): ExploreAnswer | undefined {
  if (q.measures.some((m) => !city.indicators.some((i) => i.name === m.indicator))) return undefined;
  const periods = q.grain === 'all' ? [''] : months(q.period);
  const columns = columnsOf(q, q.grain !== 'all');
  const places = (q.by ?? []).reduce<[Record<string, string>, Record<string, Text>][]>((all, d) => all.flatMap(([dims, labels]) => valuesOf(d).map(([v, label]): [Record<string, string>, Record<string, Text>] => [{ ...dims, [d]: v }, { ...labels, [d]: label }])), [[{}, {}]]);
  const make = (kind: ExploreRow['kind'], dims: Record<string, string>, labels: Record<string, Text>, period: string, at: number): ExploreRow => ({
    kind, dims, labels, period: period || (q.period ?? ''), from: period ? `${period}-01` : '2024-01-01', to: period ? `${period}-28` : '2024-10-31',
    cells: Object.fromEntries(columns.filter((c) => c.kind === 'measure').map((c) => [c.key, cell(c.show ?? 'value', `${c.key}${JSON.stringify(dims)}${period}`, c.decimals ?? 0, at)])),
  });
  const rows = periods.flatMap((p) => places.map(([dims, labels], i) => make('cell', dims, labels, p, i)));
  for (const s of [...(q.sort ?? [])].reverse()) rows.sort((a, b) => ((a.cells[s.column]?.value ?? 0) - (b.cells[s.column]?.value ?? 0)) * (s.desc ? -1 : 1));
  const shown = q.top ? rows.slice(0, q.top) : rows;
  if (q.totals && (q.by ?? []).length > 0) shown.push(make('total', {}, {}, '', 0));
  return {
    columns, rows: shown, total_rows: rows.length, truncated: false, suppressed: 2, min_group: 5, today: city.today, notes: [],
    sources: [{ dataset: 'hrss.employment', title: tx('城镇新增就业登记', 'New urban employment'), owner: { name: 'hrss', title: tx('人社局', 'HRSS') }, snapshot_id: '42', complete_to: '2024-09-30', simulated: true, sample_fraction: 0.02 }],
    definitions: q.measures.map((m) => ({ indicator: m.indicator, definition: { words: tx('登记人数', 'Persons registered'), note: tx('', ''), source: tx('', ''), sql: 'SELECT count(*) FROM t', version: 'abc', declared_at: 'indicators.yaml:3' } })),
  };
}

export function rows(d: Drill): DrillRows {
  const columns = [{ name: 'person', title: tx('人员', 'Person'), type: 'person', masked: true }, { name: 'on', title: tx('登记日期', 'Registered on'), type: 'date', masked: false }];
  const from = Number(d.cursor ?? 0);
  const items = Array.from({ length: 20 }, (_, i) => ({ delivery_id: receipts[0]!.delivery_id, record: from + i + 1, values: { person: 'p-******', on: '2024-03-07' } }));
  return { columns, items, next_cursor: from < 60 ? String(from + 20) : '', total: 80, source: ask({ measures: [{ indicator: d.indicator }] })!.sources[0]! };
}

export const deliveries = () => ({ items: receipts.slice(0, 3).map((r) => ({ delivery_id: r.delivery_id, dataset: r.dataset, batch: r.batch ?? '', at: r.at, rows: 26, accepted: r.accepted })) });

let views: View[] = [];
let gone: View[] = [];
let made = 0;

/** change keeps, replaces or takes away a view; without a draft it gives it. */
export function change(method: string, id: string, more: string, body: string): unknown {
  if (more === 'restore') {
    const back = gone.find((v) => v.id === id);
    if (back) views = [back, ...views];
    return back;
  }
  if (method === 'DELETE') {
    gone = [...gone, ...views.filter((v) => v.id === id)];
    views = views.filter((v) => v.id !== id);
    return { id };
  }
  if (method === 'GET') return id ? views.find((v) => v.id === id) : { items: views };
  const draft = JSON.parse(body) as ViewDraft;
  const view: View = { ...draft, id: id || `v${++made}`, by: '演示', at: '2024-10-31T08:00:00Z', version: 1 };
  views = [view, ...views.filter((v) => v.id !== view.id)];
  return view;
}
