// The shapes of the explore and views operations. They mirror the Go types of
// internal/explore and internal/api by hand; conform.ts holds them to the server.
import type { Better, Day, Definition, Grain, Named, Source, Status, Text, Words } from './types';

/** What of a measure may be shown in a column. */
export const SHOWS = [
  'value', 'yoy', 'yoy_diff', 'mom', 'mom_diff', 'ytd', 'rolling', 'share', 'rank', 'rank_change', 'previous', 'before', 'festival', 'festival_yoy',
] as const;
export type Show = (typeof SHOWS)[number];

/** How long the period of a row may be. */
export const GRAINS: Grain[] = ['day', 'month', 'quarter', 'year', 'all'];

export const CHARTS = ['table', 'line', 'bar', 'map', 'scatter'] as const;
export type Chart = (typeof CHARTS)[number];

export interface ExploreMeasure {
  indicator: string;
  /** of SHOWS; what else there may be is the server's to judge */
  show?: string[];
  /** how many periods of the grain the rolling window is long */
  rolling?: number;
}

export interface ExploreSort {
  column: string;
  desc?: boolean;
}

/** ExploreQuestion is what POST /explore takes. */
export interface ExploreQuestion {
  measures: ExploreMeasure[];
  by?: string[];
  /** 2024, 2024-01 or a range of two joined by ".."; "" for all there is */
  period?: string;
  grain?: Grain;
  /** field=value, field=a|b or field!=value */
  where?: string[];
  totals?: boolean;
  sort?: ExploreSort[];
  top?: number;
  /** whether what the top leaves out is one row more */
  rest?: boolean;
  /** a tag's name, a day or an RFC 3339 time; the present by default */
  as_of?: string;
}

export interface ExploreColumn {
  key: string;
  kind: 'dimension' | 'period' | 'measure';
  title: Text;
  /** index into the measures of the question */
  measure?: number;
  indicator?: string;
  show?: string;
  unit?: Named;
  decimals?: number;
  better?: Better;
  additive?: boolean;
}

export interface ExploreCell {
  value: number | null;
  display: string;
  status: Status;
  reason?: Words;
  /** rows of the dataset that were counted */
  rows: number;
}

export type RowKind = 'cell' | 'subtotal' | 'total' | 'rest';

export interface ExploreRow {
  kind: RowKind;
  /** a subtotal lacks the dimensions that it sums over */
  dims: Record<string, string>;
  labels: Record<string, Text>;
  period: string;
  from: Day;
  to: Day;
  cells: Record<string, ExploreCell>;
}

export interface ExploreAnswer {
  columns: ExploreColumn[];
  rows: ExploreRow[];
  sources: Source[];
  definitions: { indicator: string; definition: Definition }[];
  notes: Text[];
  total_rows: number;
  truncated: boolean;
  /** how many cells are withheld because their group is small */
  suppressed: number;
  min_group: number;
  today: Day;
  as_of?: string;
}

/** Drill names one cell whose rows or deliveries are asked for. */
export interface Drill {
  indicator: string;
  dims: Record<string, string>;
  period: string;
  grain: Grain;
  where: string[];
  as_of?: string;
  cursor?: string;
  limit?: number;
}

export interface DrillColumn {
  name: string;
  title: Text;
  type: string;
  /** whether identifiers in it are masked for the reader */
  masked: boolean;
}

export interface DrillRow {
  delivery_id: string;
  record: number;
  values: Record<string, string>;
}

export interface DrillRows {
  columns: DrillColumn[];
  items: DrillRow[];
  next_cursor?: string;
  total: number;
  source: Source;
}

/** View is a saved question. */
export interface View {
  id: string;
  name: string;
  question: ExploreQuestion;
  chart: Chart | 'stacked';
  note: string;
  by: string;
  at: string;
  /** counts the changes, so that one does not undo another unseen */
  version: number;
}

/** ViewDraft is what is said of a view; a change names the version that was read. */
export type ViewDraft = Pick<View, 'name' | 'question' | 'chart' | 'note'> & { version?: number };
