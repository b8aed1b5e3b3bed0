// The shapes of the HTTP API. They mirror the Go types of internal/analysis,
// internal/city and internal/api by hand; a day is "2006-01-02" or "" when it
// is not given.
export type * from './targettypes';

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
/** all is one period, the whole of what is asked for; a dataset never comes every all. */
export type Grain = 'day' | 'month' | 'quarter' | 'year' | 'all';
export type Better = 'higher' | 'lower' | '';
/** suppressed: too few persons are behind it. */
export type Status = 'valid' | 'provisional' | 'not_valid' | 'no_data' | 'suppressed';
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
  dataset: string;
  dimensions: string[];
  /** names of the targets that it judges */
  targets: string[];
  decimals: number;
  better: Better;
  window: string;
  /** the festival that it moves with; empty when it moves with none */
  calendar: string;
  /** whether the values of parts make up the whole, so that a share can be asked for */
  parts: boolean;
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

export interface DatasetField extends Named {
  type: string;
  unit?: string;
  key: boolean;
  optional: boolean;
  /** column names that senders use, the usual one first */
  source?: string[];
  /** the values of an enum, and what senders write for each */
  values?: { code: string; title: Text; sources?: string[] }[];
  min?: number;
  max?: number;
  max_length?: number;
  /** decimals of a decimal field */
  scale?: number;
  /** RE2, for the whole text */
  pattern?: string;
  /** layouts of dates and months as Go writes them, 2006-01-02 */
  formats?: string[];
}

export type Mode = 'upsert' | 'append' | 'replace' | 'snapshot';

/** DeclaredCheck is a check that the pack declares over a row or a batch; its code is the pack's own. */
export interface DeclaredCheck {
  code: string;
  kind: string;
  fields: string[];
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
  mode: Mode;
  fields: DatasetField[];
  checks: DeclaredCheck[];
}

export interface ReceiptReason {
  code: string;
  field: string;
  count: number;
  outcome?: 'quarantined' | 'duplicate';
  sample: { row: number; message?: string; text?: string }[];
}

/** Balance accounts for a summed field to its last decimal: received = accepted + quarantined + duplicate. */
export interface Balance {
  field: string;
  received: string;
  accepted: string;
  quarantined: string;
  duplicate: string;
  declared?: string;
  /** rows whose value could not be read, and so is in no sum */
  unreadable?: number;
}

/** Finding is what the checks over a batch noticed without holding rows back. */
export interface Finding {
  code: string;
  field: string;
  message: string;
  count: number;
  sample: { row: number; message?: string }[];
}

/** Drift names a column that is not where or what it was in the delivery before. */
export interface Drift {
  kind: 'renamed' | 'moved' | 'missing' | 'new';
  column: string;
  was?: string;
  position?: number;
  was_position?: number;
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
  /** rows of the table that a replaced period or a full snapshot no longer holds */
  vanished?: number;
  /** keys of the first few of them, by field */
  vanished_sample?: Record<string, string>[];
  /** quarantined rows without a readable key: older versions of them may have vanished */
  unkeyed?: number;
  /** rows of a rejected delivery that failed and are not kept one by one */
  left_out?: number;
  sums: Record<string, string>;
  snapshot_id: string;
  reasons: ReceiptReason[];
  sha256: string;
  file: string;
  at: string;
  period?: { from: Day; to: Day };
  simulated: boolean;
  message?: string;
  balance?: Balance[];
  distinct?: { field: string; received: number; declared: number }[];
  findings?: Finding[];
  drift?: Drift[];
  sender?: { name: string; key_id: string };
  signature?: { algorithm: string; key_id: string; value: string };
  /** name of the source that fetched the file; "" when it was handed over */
  source?: string;
  /** the delivery whose quarantined rows these are, mended */
  mend_of?: string;
}

/** Rollback is a delivery taken back, or what taking it back would do. */
export interface Rollback {
  id?: string;
  delivery_id: string;
  dataset: string;
  removed: number;
  restored: number;
  snapshot_id?: string;
  reason: string;
  actor?: string;
  at?: string;
  dry_run: boolean;
}

/** Delivery is a receipt and what happened to the delivery since. */
export interface Delivery extends Receipt {
  /** where the delivery stands now; status is what its receipt said */
  state: 'committed' | 'rejected' | 'rolled_back';
  rollback: Rollback | null;
}

/** SigningKey is a public key that receipts are checked with. */
export interface SigningKey {
  key_id: string;
  algorithm: string;
  current: boolean;
  /** PEM */
  public_key: string;
}

export interface Tag {
  name: string;
  at: string;
  tables: { dataset: string; snapshot_id: string }[];
}

export interface QuarantinedRow {
  row: number;
  field: string;
  code: string;
  message: string;
  text: string;
}

export type RowState = 'open' | 'mended' | 'waived' | 'returned';

/** HeldRow is a row in quarantine, whichever delivery it came with; its text is masked. */
export interface HeldRow extends QuarantinedRow {
  delivery_id: string;
  dataset: string;
  owner: string;
  source: string;
  file: string;
  state: RowState;
  since: string;
  age_days: number;
  /** the reason given with the last change of state, by whom and when */
  note?: string;
  by?: string;
  at?: string;
  mended_by?: string;
}

/** HeldGroup counts rows that are alike in everything the workbench groups by. */
export interface HeldGroup {
  dataset: string;
  code: string;
  field: string;
  source: string;
  owner: string;
  count: number;
  oldest: string;
  newest: string;
}

/** Mended says what became of rows that were delivered anew. */
export interface Mended {
  receipt: Receipt;
  rows: MendedRow[];
}

export interface MendedRow {
  row: number;
  state: RowState;
  code?: string;
  field?: string;
  message?: string;
}

export type SourceState = 'idle' | 'running' | 'waiting' | 'failed' | 'paused' | 'stopped';

/** Collected is a source and how its collection stands. */
export interface Collected {
  name: string;
  kind: string;
  dataset: string;
  schedule: string;
  state: SourceState;
  last_started_at: string | null;
  last_ok_at: string | null;
  next_at: string | null;
  failures: number;
  last_error: { code: string; message: string; at: string } | null;
  deliveries: number;
  rows_received: number;
  rows_accepted: number;
  last_delivery_id?: string;
  where: string;
}

export interface Page<T> {
  items: T[];
  next_cursor?: string;
}

/** ReportedStatus is how the reporting of a target by hand stands. */
export interface ReportedStatus {
  state: 'none' | 'due' | 'overdue' | 'waiting' | 'approved' | 'rejected';
  by: Named;
  period: string;
  due: Day;
  days: number;
  last?: {
    id: string;
    period: string;
    state: 'reported' | 'approved' | 'rejected';
    value: number | null;
    display: string;
    done_on: Day;
    expected_on: Day;
    by: string;
    at: string;
  };
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
  zh?: Said;
}

/** Said is what a problem says, in Chinese; detail is empty where the server has no words for it. */
export interface Said {
  detail: string;
  hint?: string;
  errors?: string[];
}
