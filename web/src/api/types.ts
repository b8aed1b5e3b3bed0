// The shapes of the HTTP API. They mirror the Go types of internal/analysis,
// internal/city and internal/api by hand; a day is "2006-01-02" or "" when it
// is not given.

export interface Text {
  zh: string;
  en: string;
}

export interface Named {
  name: string;
  title: Text;
}

/** Words are a text in both languages, or one that has a single form. */
export type Words = Text | string;

export type Day = string;
export type Grain = 'day' | 'month' | 'quarter' | 'year';
export type Better = 'higher' | 'lower' | '';
export type Status = 'valid' | 'provisional' | 'not_valid' | 'no_data';
export type Light = 'green' | 'yellow' | 'red' | 'none';
export type State = 'on_pace' | 'at_risk' | 'will_miss' | 'met' | 'missed' | 'no_data';

export interface Region {
  code: string;
  name: Text;
  functional: boolean;
  district: boolean;
}

export interface Organisation extends Named {
  short: Text;
}

export interface IndicatorInfo extends Named {
  unit: Named;
  dimensions: string[];
  decimals: number;
  better: Better;
}

export interface City {
  code: string;
  name: Text;
  today: Day;
  complete_to: Day;
  simulated: boolean;
  sample_fraction: number;
  version: string;
  pack: { name: string; sha256: string };
  regions: Region[];
  organisations: Organisation[];
  years: number[];
  indicators: IndicatorInfo[];
}

export interface Source {
  dataset: string;
  title: Text;
  owner: Named;
  snapshot_id: string;
  committed_at?: string;
  complete_to: Day;
  simulated: boolean;
  sample_fraction: number;
}

export interface Definition {
  words: Text;
  note: Text;
  source: Text;
  sql: string;
  version: string;
  declared_at: string;
}

export interface AnswerRow {
  period: string;
  from: Day;
  to: Day;
  dimensions?: Record<string, string>;
  labels?: Record<string, Text>;
  value: number | null;
  display: string;
  previous: number | null;
  change: number | null;
  rows: number;
  status: Status;
  reason?: Words;
}

export interface Answer {
  indicator: Named;
  unit: Named;
  decimals: number;
  better: Better;
  grain: Grain;
  by: string[];
  period: { from: Day; to: Day };
  rows: AnswerRow[];
  source: Source;
  definition: Definition;
  as_of?: string;
  today: Day;
}

export interface Point {
  period: string;
  value: number | null;
  pace: number | null;
  previous: number | null;
  status: Status;
}

export interface TargetStatus {
  target: Named;
  plan: string;
  year: number;
  chapter: Named;
  owner: Named;
  region?: Named;
  kind: 'level' | 'growth' | 'coverage' | 'milestone' | 'relative';
  comparator: string;
  value: number | null;
  unit: Named;
  decimals: number;
  promise: string;
  deadline: Day;
  indicator?: Named;
  light: Light;
  state: State;
  reason: Text;
  actual: number | null;
  display: string;
  pace: number | null;
  progress: number | null;
  lag: number | null;
  previous: number | null;
  complete_to: Day;
  simulated: boolean;
  curve: Point[];
}

export interface Board {
  year: number;
  years: number[];
  today: Day;
  complete_to: Day;
  simulated: boolean;
  plan: {
    name: string;
    title: Text;
    document: Text;
    publisher: string;
    published: Day;
    chapters: Named[];
  };
  counts: Partial<Record<State, number>>;
  targets: TargetStatus[];
}

export interface DistrictValue {
  region: Named;
  value: number | null;
  display: string;
  previous: number | null;
  change: number | null;
  share: number | null;
  status: Status;
  reason?: Words;
}

export interface Quote {
  text: string;
  document: Text;
  publisher: string;
  published: Day;
  sha256: string;
  note: Text;
}

export interface ContributingDelivery {
  delivery_id: string;
  dataset: string;
  batch: string;
  at: string;
  rows: number;
  accepted: number;
}

export interface TargetDetail extends TargetStatus {
  quote: Quote;
  definition?: Definition;
  source?: Source;
  districts: DistrictValue[];
  deliveries: ContributingDelivery[];
}

export interface DatasetField extends Named {
  type: string;
  unit?: string;
  key: boolean;
  optional: boolean;
  /** column names that senders use, the usual one first */
  source?: string[];
}

export interface Dataset extends Named {
  owner: Named;
  rows: number;
  complete_to: Day;
  last_delivery_at?: string;
  deliveries: number;
  quarantined: number;
  simulated: boolean;
  sample_fraction: number;
  every: Grain;
  mode: 'upsert' | 'append';
  fields: DatasetField[];
}

export interface ReceiptReason {
  code: string;
  field: string;
  count: number;
  outcome?: 'quarantined' | 'duplicate';
  sample: { row: number; message?: string; text?: string }[];
}

export interface Receipt {
  delivery_id: string;
  dataset: string;
  batch?: string;
  status: 'committed' | 'rejected';
  received: number;
  accepted: number;
  quarantined: number;
  duplicate: number;
  sums: Record<string, string>;
  snapshot_id: string;
  reasons: ReceiptReason[];
  sha256: string;
  file: string;
  at: string;
  period?: { from: Day; to: Day };
  simulated: boolean;
  message?: string;
}

export interface QuarantinedRow {
  row: number;
  field: string;
  code: string;
  message: string;
  text: string;
}

export interface Page<T> {
  items: T[];
  next_cursor?: string;
}

/** Problem is an RFC 9457 problem document. */
export interface Problem {
  type?: string;
  title: string;
  status: number;
  detail?: string;
  code?: string;
  where?: string;
  hint?: string;
  errors?: string[];
}
