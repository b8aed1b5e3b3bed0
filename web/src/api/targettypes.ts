// What the API sends of targets: the board, one target, where it ends and what makes its gap.
import type { Day, Definition, Light, Named, ReportedStatus, Source, State, Status, Text, Words } from './types';

export interface Point {
  period: string;
  value: number | null;
  pace: number | null;
  previous: number | null;
  /** from the month judged to the deadline, with the bounds of its interval */
  forecast: number | null;
  low: number | null;
  high: number | null;
  status: Status;
}

/** Forecast is the value expected at the deadline. */
export interface Forecast {
  at: Day;
  value: number;
  display: string;
  low: number;
  high: number;
  level: number;
  /** leads the forecast; "" when the value is known */
  method: string;
}

/** Needed is the rate that keeps the promise from now on, beside the recent one. */
export interface Needed {
  per: 'month' | 'mean' | 'ratio' | 'growth';
  value: number;
  display: string;
  recent: number;
  recent_display: string;
}

export interface Accuracy {
  name: string;
  mae: number;
  mape: number | null;
}

/** Backtest is how wrong forecasts from this distance were on the city's own past. */
export interface Backtest {
  model: Accuracy;
  naive: Accuracy;
  folds: number;
  horizon: number;
  skill: number;
  level: number;
  within: number;
  judged: number;
}

export interface Contribution {
  /** the member; "" for what no member has */
  value: string;
  label: Text;
  actual: number | null;
  expected: number | null;
  gap: number;
  share: number | null;
}

/** Contributions explain the gap between actual and pace; their gaps sum to it. */
export interface Contributions {
  dimension: string;
  title: Text;
  form: 'additive' | 'weighed' | 'growth';
  items: Contribution[];
  gap: number;
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
  /** of keeping the promise at the deadline, 0 to 1; null when nothing can be said */
  probability: number | null;
  forecast: Forecast | null;
  /** why there is no forecast */
  forecast_note?: Words;
  needed: Needed | null;
  /** members of the list that a coverage does not reach yet */
  missing: Named[];
  curve: Point[];
  /** how it is reported by hand; absent when nobody does */
  reported?: ReportedStatus;
}

export interface Board {
  year: number;
  years: number[];
  today: Day;
  complete_to: Day;
  simulated: boolean;
  plans: {
    name: string;
    title: Text;
    document: Text;
    publisher: string;
    published: Day;
    chapters: Named[];
  }[];
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
  /** null for person data: small groups could be told from them */
  rows: number | null;
  accepted: number;
}

export interface TargetDetail extends TargetStatus {
  quote: Quote;
  /** which past made the pace */
  pace_basis: Text;
  backtest: Backtest | null;
  contributions: Contributions[];
  definition?: Definition;
  source?: Source;
  districts: DistrictValue[];
  deliveries: ContributingDelivery[];
}
