// The documents that bureaus circulate each month.
import { get, list, url } from './http';
import type { Day, Named, Page, Text } from './types';

/** ReportInfo is a template that documents are made from. */
export interface ReportInfo {
  name: string;
  title: Text;
  organisation: Named;
  months: string[];
  latest: string;
}

/** Run is a piece of a paragraph; its notes are printed behind it where mark says so. */
export interface Run {
  text: string;
  figure: boolean;
  notes: number[];
  mark: boolean;
}

/** Note says where a number comes from. */
export interface Note {
  number: number;
  text: string;
  indicator: string;
  dataset: string;
  snapshot_id: string;
  complete_to: Day;
  version: string;
  simulated: boolean;
}

export interface Column {
  title: string;
  numeric: boolean;
  wide: boolean;
  notes: number[];
}

export interface Cell {
  text: string;
  value: number | null;
  decimals: number;
  unit: string;
  notes: number[];
}

export interface DocumentTable {
  number: string;
  title: string;
  notes: number[];
  columns: Column[];
  rows: { total: boolean; cells: Cell[] }[];
  remarks: string[];
}

export interface DocumentChart {
  number: string;
  title: string;
  kind: 'line' | 'bar';
  notes: number[];
  axis_x: string;
  axis_y: string;
  decimals: number;
  categories: string[];
  series: { name: string; values: (number | null)[]; dashed: boolean }[];
}

export interface Block {
  kind: 'heading' | 'paragraph' | 'table' | 'chart';
  level?: number;
  number?: string;
  runs: Run[];
  table?: DocumentTable;
  chart?: DocumentChart;
}

/** ReportDocument is a report of one month in one language. */
export interface ReportDocument {
  report: string;
  title: string;
  organisation: string;
  month: string;
  lang: 'zh' | 'en';
  date: Day;
  simulated: boolean;
  notices: string[];
  blocks: Block[];
  notes: Note[];
}

export async function getReports(signal?: AbortSignal): Promise<ReportInfo[]> {
  return list((await get<Page<ReportInfo>>(url(['reports']), signal)).items);
}

export function getReport(name: string, month: string, lang: string, signal?: AbortSignal): Promise<ReportDocument> {
  return get<ReportDocument>(url(['reports', name], { month, lang }), signal);
}

/** fileAddress is where the document is as a file. */
export function fileAddress(name: string, month: string, lang: string, format: 'docx' | 'xlsx'): string {
  return url(['reports', name], { month, lang, format });
}
