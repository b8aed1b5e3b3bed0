// A made-up city for work on the console: every state of a target, every kind
// of delivery, a value that is not valid. Its figures mean nothing.
import type { Answer, AnswerRow, Board, City, Dataset, Delivery, Named, Point, QuarantinedRow, Receipt, Region, Rollback, State, Tag, TargetDetail, TargetStatus, Text } from '../src/api/types';
import { lightOf } from '../src/board/order.ts';

const tx = (zh: string, en: string): Text => ({ zh, en });
const named = (name: string, zh: string, en: string): Named => ({ name, title: tx(zh, en) });

const people = named('person', '人', 'people');
const ugm3 = named('ug_m3', 'μg/m³', 'μg/m³');
const percent = named('percent', '%', '%');
const pieces = named('piece', '个', '');
const hrss = named('hrss', '太原市人力资源和社会保障局', 'Human Resources and Social Security Bureau');
const ecology = named('ecology', '太原市生态环境局', 'Ecology and Environment Bureau');
const housing = named('housing', '太原市住房和城乡建设局', 'Housing and Urban-Rural Development Bureau');
const civil = named('civil', '太原市民政局', 'Civil Affairs Bureau');
const chapters = [named('employment', '突出就业优先', 'Jobs first'), named('security', '完善社会保障', 'Better social security'), named('city', '提升城市品质', 'A better-built city'), named('environment', '改善生态环境', 'A cleaner environment')];

const DISTRICTS: [string, string, string][] = [
  ['140105', '小店区', 'Xiaodian'], ['140106', '迎泽区', 'Yingze'], ['140107', '杏花岭区', 'Xinghualing'], ['140108', '尖草坪区', 'Jiancaoping'],
  ['140109', '万柏林区', 'Wanbailin'], ['140110', '晋源区', 'Jinyuan'], ['140121', '清徐县', 'Qingxu'], ['140122', '阳曲县', 'Yangqu'],
  ['140123', '娄烦县', 'Loufan'], ['140181', '古交市', 'Gujiao'], ['140171', '综改示范区', 'Transformation Demonstration Zone'],
];
const regions: Region[] = DISTRICTS.map(([code, zh, en]) => ({ code, name: tx(zh, en), functional: code === '140171', district: true }));

export const city: City = {
  code: '140100', name: tx('太原市', 'Taiyuan'), today: '2024-10-31', complete_to: '2024-09-30', simulated: true, sample_fraction: 0.02, version: 'dev',
  pack: { name: 'taiyuan', sha256: 'a'.repeat(64) }, regions,
  organisations: [{ ...hrss, short: tx('人社局', 'HRSS') }, { ...ecology, short: tx('生态环境局', 'Ecology') }, { ...housing, short: tx('住建局', 'Housing') }, { ...civil, short: tx('民政局', 'Civil Affairs') }],
  years: [2023, 2024],
  indicators: [
    { ...named('employment.new_urban', '城镇新增就业', 'New urban employment'), unit: people, dataset: 'hrss.employment', targets: [], dimensions: ['region', 'kind'], decimals: 0, better: 'higher', window: 'period', calendar: 'calendar.spring_festival', parts: true },
    { ...named('air.pm25_mean', 'PM2.5 年均浓度', 'Annual mean of PM2.5'), unit: ugm3, dataset: 'hrss.employment', targets: [], dimensions: [], decimals: 0, better: 'lower', window: 'year', calendar: '', parts: false },
    { ...named('arbitration.closing_rate', '仲裁结案率', 'Arbitration closing rate'), unit: percent, dataset: 'hrss.employment', targets: [], dimensions: ['region'], decimals: 1, better: 'higher', window: 'year', calendar: '', parts: false },
  ],
};

interface Spec { name: string; title: Text; chapter: Named; owner: Named; state: State; value: number | null; promise: string; unit: Named; actual: number | null; decimals?: number; level?: boolean; indicator?: string }
const specs: Spec[] = [
  { name: 'air.pm10.2024', title: tx('PM10 年均浓度', 'Annual mean of PM10'), chapter: chapters[3]!, owner: ecology, state: 'will_miss', value: 76, promise: '≤ 76', unit: ugm3, actual: 81.4, decimals: 1, level: true, indicator: 'air.pm25_mean' },
  { name: 'air.pm25.2024', title: tx('PM2.5 年均浓度', 'Annual mean of PM2.5'), chapter: chapters[3]!, owner: ecology, state: 'at_risk', value: 40, promise: '≤ 40', unit: ugm3, actual: 39.6, decimals: 1, level: true, indicator: 'air.pm25_mean' },
  { name: 'employment.new_urban.2024', title: tx('城镇新增就业', 'New urban employment'), chapter: chapters[0]!, owner: hrss, state: 'on_pace', value: 80000, promise: '≥ 80,000', unit: people, actual: 72431, indicator: 'employment.new_urban' },
  { name: 'arbitration.closing.2024', title: tx('劳动人事争议仲裁结案率', 'Labour arbitration closing rate'), chapter: chapters[0]!, owner: hrss, state: 'on_pace', value: 90, promise: '≥ 90', unit: percent, actual: 92.3, decimals: 1, level: true, indicator: 'arbitration.closing_rate' },
  { name: 'canteen.model_shops.2024', title: tx('社区食堂示范店', 'Model community canteens'), chapter: chapters[1]!, owner: civil, state: 'met', value: 22, promise: '≥ 22', unit: pieces, actual: 22, indicator: 'employment.new_urban' },
  { name: 'renewal.started.2024', title: tx('启动改造老旧小区', 'Old housing estates under renewal'), chapter: chapters[2]!, owner: housing, state: 'at_risk', value: 438, promise: '≥ 438', unit: pieces, actual: 306, indicator: 'employment.new_urban' },
  { name: 'metro.line1.2024', title: tx('轨道交通 1 号线建成通车', 'Metro line 1 opens'), chapter: chapters[2]!, owner: housing, state: 'no_data', value: null, promise: '', unit: pieces, actual: null },
  { name: 'income.urban.2024', title: tx('城镇居民人均可支配收入增长与经济增长基本同步', 'Urban disposable income grows with the economy'), chapter: chapters[0]!, owner: hrss, state: 'no_data', value: 0, promise: '≈ GDP', unit: percent, actual: null },
  ...Array.from({ length: 9 }, (_, i): Spec => ({ name: `housing.item${i}.2024`, title: tx(`保障性住房第 ${i + 1} 批`, `Affordable housing, lot ${i + 1}`), chapter: chapters[i % 4]!, owner: housing, state: i % 3 ? 'no_data' : 'on_pace', value: 100 * (i + 1), promise: `≥ ${100 * (i + 1)}`, unit: pieces, actual: i % 3 ? null : 90 * (i + 1), indicator: i % 3 ? undefined : 'employment.new_urban' })),
];

const months = Array.from({ length: 12 }, (_, i) => `2024-${String(i + 1).padStart(2, '0')}`);

function curve(s: Spec): Point[] {
  if (s.actual === null || s.value === null) return [];
  const { actual, value } = s;
  return months.map((period, i) => ({
    period,
    value: i > 8 ? null : s.level ? actual * (1 + 0.05 * Math.cos(i)) : (actual * (i + 1 + Math.sin(i) / 3)) / 9,
    pace: s.level ? value : (value * (i + 1)) / 12,
    previous: s.level ? actual * 1.06 : (actual * (i + 1)) / 9.6,
    forecast: i < 8 ? null : s.level ? actual : (actual * (i + 1)) / 9,
    low: i < 8 ? null : s.level ? actual * (1 - 0.01 * (i - 8)) : (actual * (i + 1 - 0.2 * (i - 8))) / 9,
    high: i < 8 ? null : s.level ? actual * (1 + 0.01 * (i - 8)) : (actual * (i + 1 + 0.2 * (i - 8))) / 9,
    status: i > 8 ? 'no_data' : 'valid',
  }));
}

function status(s: Spec): TargetStatus {
  const bound = s.actual !== null;
  return {
    target: { name: s.name, title: s.title }, plan: '2024', year: 2024, chapter: s.chapter, owner: s.owner, kind: s.value === null ? 'milestone' : 'level', comparator: 'at_least',
    value: s.value, unit: s.unit, decimals: s.decimals ?? 0, promise: s.promise, deadline: '2024-12-31', indicator: s.indicator ? { name: s.indicator, title: s.title } : undefined,
    light: lightOf(s.state), state: s.state,
    reason: bound ? tx('按目前进度,到期限时与承诺相差可以算出。', 'At the present pace the distance to the promise can be computed.') : tx('尚无数据交付', 'No data have been delivered'),
    actual: s.actual, display: s.actual === null ? '' : s.actual.toLocaleString('en-US'), pace: bound && s.value !== null ? (s.level ? s.value : s.value * 0.75) : null,
    progress: bound && s.value && !s.level ? (100 * s.actual!) / s.value : null, lag: bound ? { will_miss: 7.1, at_risk: 1.2 }[s.state as string] ?? -4.3 : null, previous: bound ? s.actual! * 0.94 : null,
    complete_to: bound ? '2024-09-30' : '', simulated: bound, curve: curve(s),
    probability: bound ? ({ met: 1, on_pace: 0.86, at_risk: 0.41 }[s.state as string] ?? 0.08) : null, missing: [],
    forecast: bound ? { at: '2024-12-31', value: s.actual! * (s.level ? 1 : 4 / 3), display: (s.actual! * (s.level ? 1 : 4 / 3)).toFixed(s.decimals ?? 0), low: s.actual! * (s.level ? 0.97 : 1.28), high: s.actual! * (s.level ? 1.03 : 1.4), level: 0.8, method: 'seasonal_growth' } : null,
    needed: bound && s.value !== null && !s.level && s.actual! < s.value ? { per: 'month', value: (s.value - s.actual!) / 3, display: String(Math.round((s.value - s.actual!) / 3)), recent: s.actual! / 9, recent_display: String(Math.round(s.actual! / 9)) } : null,
  };
}

const all = specs.map(status);

export function board(year: number): Board {
  const targets = year === 2024 ? all : all.slice(2, 5).map((t) => ({ ...t, year, state: 'met' as State, target: { ...t.target, name: t.target.name.replace('2024', String(year)) } }));
  const counts: Board['counts'] = {};
  for (const t of targets) counts[t.state] = (counts[t.state] ?? 0) + 1;
  return { year, years: [2023, 2024], today: city.today, complete_to: city.complete_to, simulated: true, counts, targets, plans: [{ name: String(year), title: tx(`${year} 年承诺`, `Promises of ${year}`), document: tx('市委经济工作会议绘就“民生幸福首善地”新图景', 'The city’s economic work conference draws a picture of a good life'), publisher: '太原日报', published: '2024-01-11', chapters }] };
}

const definition = { words: tx('登记日期在本年内、类型不是自然减员的不同人数,减去自然减员的人次。', 'People registered this year, without exits, less exits.'), note: tx('按登记地统计。', 'Counted where registered.'), source: tx('城镇就业统计口径', 'Urban employment statistics'), sql: "SELECT count(DISTINCT person) FILTER (WHERE kind <> 'exit')\n     - count(*) FILTER (WHERE kind = 'exit') AS value\nFROM hrss.employment\nWHERE event_date BETWEEN DATE '2024-01-01' AND DATE '2024-09-30'", version: 'f'.repeat(64), declared_at: 'indicators/employment.yaml:3' };
const source = { dataset: 'hrss.employment', title: tx('城镇就业登记', 'Urban employment registrations'), owner: hrss, snapshot_id: '4872914512345678901', complete_to: '2024-09-30', simulated: true, sample_fraction: 0.02 };

export function target(name: string): TargetDetail | undefined {
  const t = [...all, ...board(2023).targets].find((x) => x.target.name === name);
  if (!t) return undefined;
  const base = { ...t, quote: { text: '确保全年新增就业8万人,稳住就业基本盘。', document: tx('市委经济工作会议绘就“民生幸福首善地”新图景', 'Economic work conference'), publisher: '太原日报', published: '2024-01-11', sha256: 'b'.repeat(64), note: tx('“确保”按不低于理解。', 'Read as at least.') }, pace_basis: tx('按本市2023年的实际进度（仅有一个完整年度）。', 'The city’s own year 2023, the only complete one.'), backtest: null, contributions: [] };
  if (!t.indicator) return { ...base, districts: [], deliveries: [] };
  const districts = DISTRICTS.map(([code, zh, en], i) => ({ region: named(code, zh, en), value: i === 8 ? null : 12000 - i * 900, display: i === 8 ? '' : (12000 - i * 900).toLocaleString('en-US'), previous: 11000 - i * 850, change: 4.2 - i, share: 18 - i * 1.4, status: i === 8 ? ('no_data' as const) : ('provisional' as const), reason: '' }));
  const list = receipts.filter((r) => r.status === 'committed').map((r) => ({ delivery_id: r.delivery_id, dataset: r.dataset, batch: r.batch ?? '', at: r.at, rows: r.accepted - 12, accepted: r.accepted }));
  const part = (i: number, expected: number, gap: number) => ({ value: DISTRICTS[i]![0], label: tx(DISTRICTS[i]![1], DISTRICTS[i]![2]), actual: expected + gap, expected, gap, share: gap / 20 });
  const contributions: TargetDetail['contributions'] = [{ dimension: 'region', title: tx('地区', 'Region'), form: 'additive', gap: 2000, items: [part(0, 9000, -700), part(1, 8000, 300), part(2, 7000, 2400)] }];
  const backtest: TargetDetail['backtest'] = { model: { name: 'seasonal_growth', mae: 410, mape: 0.6 }, naive: { name: 'seasonal_naive', mae: 720, mape: 1.1 }, folds: 9, horizon: 3, skill: 0.43, level: 0.8, within: 6, judged: 7 };
  return { ...base, backtest, contributions, definition, source, districts, deliveries: list };
}

export function query(name: string, q: URLSearchParams): Answer | undefined {
  const info = city.indicators.find((i) => i.name === name);
  if (!info) return undefined;
  const by = q.get('by') ? ['region'] : [];
  const grain = (q.get('grain') ?? 'year') as Answer['grain'];
  const periods = grain === 'month' ? months : grain === 'quarter' ? ['2024Q1', '2024Q2', '2024Q3'] : q.get('period') ? ['2024'] : ['2022', '2023', '2024'];
  const earlier = q.get('as_of') ? 0.97 : 1; // what was known then was less
  const rows = by.length ? DISTRICTS.map(([code, zh, en], i) => row('2024', i, { region: code }, { region: tx(zh, en) })) : periods.map((p, i) => row(p, i, undefined, undefined, earlier));
  return { indicator: { name: info.name, title: info.title }, unit: info.unit, decimals: info.decimals, better: info.better, grain, by, period: { from: '2024-01-01', to: '2024-12-31' }, rows, source, definition, today: city.today };
}

function row(period: string, i: number, dimensions?: Record<string, string>, labels?: Record<string, Text>, share = 1): AnswerRow {
  const value = i === 4 && !dimensions ? null : Math.round(share * (2000 + ((i * 7919) % 6000)));
  return { period, from: '2024-01-01', to: '2024-12-31', dimensions, labels, value, display: value === null ? '' : value.toLocaleString('en-US'), previous: value === null ? null : value * 0.95, change: value === null ? null : 5.3, rows: 1234, status: value === null ? 'not_valid' : i > 7 ? 'provisional' : 'valid', reason: value === null ? tx('有效天数 301 天,少于 HJ 663 要求的 324 天', 'only 301 valid days; HJ 663 needs 324') : '' };
}

const field = (name: string, zh: string, en: string, type: string, key = false, optional = false, unit = '') => ({ ...named(name, zh, en), type, key, optional, unit });
export const datasets: Dataset[] = [
  { ...named('hrss.employment', '城镇就业登记', 'Urban employment registrations'), owner: hrss, rows: 1234567, complete_to: '2024-09-30', last_delivery_at: '2024-10-12T02:42:00Z', deliveries: 22, quarantined: 64, simulated: true, sample_fraction: 0.02, every: 'month', mode: 'upsert', checks: [{ code: 'ends_before_start', kind: 'not_after', fields: ['record_no', 'region'] }], fields: [field('record_no', '业务流水号', 'Record number', 'string', true), field('person', '公民身份号码', 'ID number', 'person'), field('region', '登记地', 'Region', 'region'), { ...field('kind', '类型', 'Kind', 'enum', false, true), values: [{ code: 'hire', title: tx('单位就业', 'Hired by an employer') }, { code: 'self', title: tx('自主创业', 'Self-employed') }, { code: 'exit', title: tx('自然减员', 'Natural decrease'), sources: ['减员', '退休'] }] }] },
  { ...named('env.air_daily', '空气质量日报', 'Daily air quality'), owner: ecology, rows: 2186, complete_to: '2019-12-31', last_delivery_at: '2024-10-12T02:37:00Z', deliveries: 1, quarantined: 0, simulated: false, sample_fraction: 1, every: 'day', mode: 'upsert', checks: [{ code: 'ends_before_start', kind: 'not_after', fields: ['record_no', 'region'] }], fields: [field('day', '日期', 'Day', 'date', true), { ...field('pm25', 'PM2.5', 'PM2.5', 'number', false, true, 'ug_m3'), min: 0, max: 1000 }] },
  { ...named('civil.canteens', '社区食堂', 'Community canteens'), owner: civil, rows: 0, complete_to: '', last_delivery_at: '0001-01-01T00:00:00Z', deliveries: 0, quarantined: 0, simulated: false, sample_fraction: 1, every: 'quarter', mode: 'append', checks: [], fields: [field('name', '名称', 'Name', 'string', true)] },
];

export const receipts: Receipt[] = Array.from({ length: 14 }, (_, i) => {
  const rejected = i === 2;
  const received = 41208 - i * 317;
  return {
    delivery_id: `01JB${String(9000 - i)}`, dataset: i % 4 === 3 ? 'env.air_daily' : 'hrss.employment', batch: `2024-${String(10 - (i % 10)).padStart(2, '0')}`, status: rejected ? 'rejected' : 'committed',
    received, accepted: rejected ? 0 : received - 106, quarantined: rejected ? received : 64, duplicate: rejected ? 0 : 42, sums: { amount: '1234567.80' }, snapshot_id: '4872914512345678901',
    reasons: [{ code: 'id_check', field: 'person', outcome: 'quarantined', count: 52, sample: [{ row: 17, message: 'the check digit is 4, not 8', text: '1401**********1234' }] }, { code: 'unknown_region', field: 'region', outcome: 'quarantined', count: 12, sample: [{ row: 90, text: '南城区' }] }],
    sha256: 'c'.repeat(64), file: `employment_${i}.csv`, at: `2024-10-12T0${9 - (i % 9)}:4${i % 10}:00Z`, period: { from: '2024-09-01', to: '2024-09-30' }, simulated: true, message: rejected ? '隔离行占 8.1%,超过 5% 的上限' : '',
  };
});

// The newest has everything that a receipt may say.
Object.assign(receipts[0]!, {
  source: 'hrss-inbox', vanished: 12, sender: { name: 'hrss-gateway', key_id: '5f0c3a91' }, signature: { algorithm: 'SM2-with-SM3', key_id: 'a41f09c2', value: 'TWFkZSB1cA==' },
  balance: [{ field: 'amount', received: '1240034.55', accepted: '1234567.80', quarantined: '5466.70', duplicate: '0.05', declared: '1240034.55', unreadable: 1 }, { field: 'subsidy', received: '10.00', accepted: '9.99', quarantined: '0.01', duplicate: '0.00', declared: '10.01' }],
  distinct: [{ field: 'person', received: 40117, declared: 40117 }],
  findings: [{ code: 'gap', field: '', message: '2 days without rows', count: 2, sample: [{ row: 301, message: 'no row for 2024-10-05' }] }],
  drift: [{ kind: 'renamed', column: '登记种类', was: '登记类型' }, { kind: 'moved', column: '登记地', position: 5, was_position: 3 }, { kind: 'new', column: '备注', position: 7 }, { kind: 'missing', column: '用人单位' }],
});
receipts[4]!.mend_of = receipts[0]!.delivery_id;

const rollbacks = new Map<string, Rollback>();

/** delivery is a receipt and whether it was taken back. */
export function delivery(id: string): Delivery | undefined {
  const r = receipts.find((x) => x.delivery_id === id);
  const rollback = rollbacks.get(id) ?? null;
  return r && { ...r, state: rollback ? 'rolled_back' : r.status, rollback };
}

/** rollBack takes a delivery back, or says what that would do. */
export function rollBack(id: string, order: { reason: string; dry_run: boolean }): Rollback | undefined {
  const r = receipts.find((x) => x.delivery_id === id);
  if (!r) return undefined;
  const done: Rollback = { delivery_id: id, dataset: r.dataset, removed: r.accepted, restored: 318, reason: order.reason, dry_run: order.dry_run, ...(!order.dry_run && { id: `R${id}`, actor: 'api:local', at: new Date().toISOString() }) };
  if (!order.dry_run) rollbacks.set(id, done);
  return done;
}

export const tags: Tag[] = ['2024-08', '2024-09', '2024-10'].map((m) => ({ name: `month-${m}`, at: `${m}-30T16:00:00Z`, tables: [] }));

export function deliveries(q: URLSearchParams): { items: Delivery[]; next_cursor: string } {
  const items = receipts.filter((r) => !q.get('dataset') || r.dataset === q.get('dataset')).map((r) => delivery(r.delivery_id)!);
  return { items: q.get('cursor') ? [] : items, next_cursor: q.get('cursor') ? '' : 'more' };
}

export const quarantine: { items: QuarantinedRow[]; next_cursor: string } = {
  items: Array.from({ length: 20 }, (_, i) => ({ row: 17 + i * 9, field: i % 3 ? 'person' : 'region', code: i % 3 ? 'id_check' : 'unknown_region', message: '', text: '10023,1401**********1234,南城区,2024-09-12,单位就业' })),
  next_cursor: '',
};
