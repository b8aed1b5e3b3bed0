// What is reported by hand: what is owed, reports, decisions, workbooks.
import { grouped } from '@/format/number';
import { get, hand, list, post, url } from './http';
import type { Day, Grain, Named, Page, TargetStatus } from './types';

/** ReportState is where one report stands. */
export type ReportState = 'reported' | 'approved' | 'rejected' | 'withdrawn' | 'superseded';

/** OwedState is how the reporting of a target stands. */
export type OwedState = 'none' | 'due' | 'overdue' | 'waiting' | 'approved' | 'rejected';

export interface ReportFile {
  number: number;
  name: string;
  media_type: string;
  bytes: number;
  sha256: string;
}

/** Report is what was reported for a target and a period. */
export interface Report {
  id: string;
  target: Named;
  period: string;
  to: Day;
  version: number;
  owner: Named;
  value: number | null;
  display: string;
  unit: Named;
  done_on: Day;
  expected_on: Day;
  note: string;
  files: ReportFile[];
  by: string;
  reported_as: string;
  at: string;
  replaces?: string;
  state: ReportState;
  decided_by?: string;
  decided_as?: string;
  decided_at?: string;
  reason?: string;
  superseded_by?: string;
  simulated: boolean;
}

/** Standing is what is owed for a target, by whom and since when. */
export interface Standing {
  target: Named;
  year: number;
  owner: Named;
  kind: TargetStatus['kind'];
  promise: { comparator: string; value: number | null; display: string; unit: Named };
  deadline: Day;
  every: Grain;
  evidence: boolean;
  state: OwedState;
  period: string;
  owed: string[];
  due: Day;
  days: number;
  periods: string[];
  last?: Report;
}

/** Filing is a report as somebody files it. */
export interface Filing {
  target: string;
  period: string;
  value?: number;
  done_on?: Day;
  expected_on?: Day;
  note?: string;
  by: string;
  replaces?: string;
}

export interface ImportRow {
  row: number;
  target: string;
  period: string;
  outcome: 'filed' | 'unchanged' | 'skipped' | 'failed';
  report_id?: string;
  code?: string;
  message?: string;
  hint?: string;
}

/** Imported is the outcome of a workbook. */
export interface Imported {
  dry_run: boolean;
  kept: boolean;
  filed: number;
  unchanged: number;
  skipped: number;
  failed: number;
  rows: ImportRow[];
}

export type Verdict = 'approve' | 'reject' | 'withdraw';

function report(r: Report): Report {
  return { ...r, display: grouped(r.display ?? ''), files: list(r.files) };
}

function standing(s: Standing): Standing {
  const promise = { ...s.promise, display: grouped(s.promise.display) };
  return { ...s, promise, owed: list(s.owed), periods: list(s.periods), last: s.last && report(s.last) };
}

export async function getOwed(q: { owner?: string; target?: string }, signal?: AbortSignal): Promise<Standing[]> {
  const page = await get<{ items: Standing[] }>(url(['progress', 'owed'], q), signal);
  return list(page.items).map(standing);
}

export async function getReports(
  q: { owner?: string; target?: string; state?: ReportState; limit?: number; cursor?: string },
  signal?: AbortSignal,
): Promise<Page<Report>> {
  const page = await get<Page<Report>>(url(['progress'], q), signal);
  return { items: list(page.items).map(report), next_cursor: page.next_cursor ?? '' };
}

/** fileReport files a report with the files that show it. */
export async function fileReport(filing: Filing, files: File[]): Promise<Report> {
  const form = new FormData();
  form.append('report', JSON.stringify(filing)); // the server reads it first
  for (const f of files) form.append('file', f, f.name);
  return report(await hand<Report>(url(['progress']), form));
}

export async function decide(id: string, verdict: Verdict, by: string, reason: string): Promise<Report> {
  return report(await post<Report>(url(['progress', id, verdict]), { by, reason }));
}

/** importReports files the reports of a workbook, or with dryRun says what would become of each row. */
export async function importReports(file: File, by: string, dryRun: boolean): Promise<Imported> {
  const address = url(['progress', 'import'], { by, dry_run: String(dryRun) });
  const res = await hand<Imported>(address, file.slice(0, file.size, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'));
  return { ...res, rows: list(res.rows) };
}

export const templateAddress = (owner: string): string => url(['progress', 'template'], { owner });
export const fileAddress = (id: string, number: number): string => url(['progress', id, 'files', String(number)]);
