// Published figures, why they differ from what they would be now, and the
// history of an indicator.
import { get, list, post, url } from './http';
import type { Day, Grain, Named, Status, Text } from './types';

export type Cause =
  | 'late_rows' | 'region' | 'corrections' | 'vanished' | 'rollback' | 'together'
  | 'sample' | 'coverage' | 'standard' | 'definition' | 'rest' | 'rounding';

/** Stated is a value as it is, or would be, printed. */
export interface Stated {
  value: number | null;
  display: string;
  status: Status;
  reason?: Text;
}

export interface Closing {
  id: string;
  period: string;
  grain: Grain;
  revision: number;
  replaces: string;
  replaced_by: string;
  tag: string;
  pack_sha256: string;
  today: Day;
  at: string;
  actor: string;
  by_person: string;
  note: string;
  reason: string;
  simulated: boolean;
  figures: number;
  restated: number;
}

export interface Figure extends Stated {
  id: string;
  closing_id: string;
  period: string;
  at: string;
  by_person: string;
  indicator: Named;
  unit: Named;
  dimension: string;
  member: string;
  label: Text;
  version: string;
  pack_sha256: string;
  dataset: string;
  snapshot_id: string;
  rows: number;
  simulated: boolean;
  now: Stated;
  now_version: string;
  restated: boolean;
}

/** Item is what one delivery or rollback did, or several taken together. */
export interface Item {
  ids: string[];
  rows: number;
  amount: string | null;
  display: string;
}

export interface Part {
  cause: Cause;
  amount: string | null;
  display: string;
  rows: number;
  deliveries: Item[];
  text: Text;
}

export interface Explanation {
  published: Stated;
  now: Stated;
  restated: boolean;
  difference: string | null;
  display: string;
  decimals: number;
  parts: Part[];
  notes: Text[];
  definition: DefinitionChange[];
}

/** DefinitionChange is a part of what a number depends on that has changed. */
export interface DefinitionChange {
  kind: 'indicator' | 'regions' | 'field' | 'rule';
  name: string;
  part?: string;
  by?: string;
  from?: Day;
  to?: Day;
  digest: string;
  change: 'added' | 'removed' | 'changed';
  text: Text;
}

export interface FigureDetail extends Figure {
  closing: Closing;
  explanation: Explanation;
}

export interface PublishedList {
  closings: Closing[];
  items: Figure[];
  more: boolean;
}

export interface Incomplete {
  indicator: Named;
  dataset: string;
  status: Status;
  reason: Text;
}

export interface Proposal {
  period: string;
  figures: number;
  indicators: Named[];
  incomplete: Incomplete[];
  replaces: string;
  unchanged: boolean;
}

/** Published is a closing as the server kept it. */
export interface Published {
  id: string;
  period: string;
  revision: number;
  replaces: string;
  tag: string;
  figures: number;
}

export interface Moment extends Stated {
  as_of: string;
  snapshot_id: string;
  cause: { kind: 'delivery' | 'rollback' | 'definition'; id: string; batch: string; of: string };
  definition_version: string;
  changed: boolean;
}

export interface DefinitionSpan {
  version: string;
  since: string;
  until?: string;
  words: Text;
  pack_sha256: string;
  changes: DefinitionChange[];
}

export interface RuleEdition {
  rule: Named;
  from: Day;
  to: Day;
  source: Text;
  in_force: boolean;
}

export interface PublishedMark extends Stated {
  id: string;
  closing_id: string;
  at: string;
  by_person: string;
}

export interface History {
  indicator: Named;
  unit: Named;
  period: string;
  grain: Grain;
  dimension: string;
  member: string;
  dataset: string;
  simulated: boolean;
  points: Moment[];
  moments: number;
  thinned: boolean;
  expired: number;
  definitions: DefinitionSpan[];
  rules: RuleEdition[];
  published: PublishedMark[];
}

/** Line is one line of an indicator: the whole city, or one member of a dimension. */
export interface Line {
  period: string;
  dimension?: string;
  member?: string;
}

export type Narrow = { closing?: string; indicator?: string; period?: string; region?: string };

export async function getPublished(narrow: Narrow = {}, signal?: AbortSignal): Promise<PublishedList> {
  const page = await get<PublishedList>(url(['published'], narrow), signal);
  return { ...page, closings: list(page.closings), items: list(page.items) };
}

export function getFigure(id: string, signal?: AbortSignal): Promise<FigureDetail> {
  return get<FigureDetail>(url(['published', id]), signal);
}

export function getProposal(period: string, by: string[], signal?: AbortSignal): Promise<Proposal> {
  return get<Proposal>(url(['published', 'proposal'], { period, by: by.join(',') }), signal);
}

export interface ClosingOrder {
  period: string;
  by: string[];
  by_person: string;
  note?: string;
  reason?: string;
}

export function publish(order: ClosingOrder): Promise<Published> {
  return post<Published>(url(['published']), order);
}

/** exportAddress is where the figures are, with the parts of their explanations, as CSV. */
export function exportAddress(narrow: Narrow, lang: string): string {
  return url(['published.csv'], { ...narrow, lang });
}

export function getHistory(name: string, line: Line, signal?: AbortSignal): Promise<History> {
  return get<History>(url(['indicators', name, 'history'], { ...line }), signal);
}

export function compareHistory(name: string, line: Line, from: string, to: string, signal?: AbortSignal): Promise<Explanation> {
  return get<Explanation>(url(['indicators', name, 'history', 'comparison'], { ...line, from, to }), signal);
}
