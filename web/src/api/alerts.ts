// Alerts: what is there, what was, what is watched, and who is not told.
import { del, get, list, post, url } from './http';
import type { Named, Page, Words } from './types';

export type Severity = 'info' | 'warning' | 'critical';
export type AlertState = 'firing' | 'acknowledged' | 'recovered';
export type AlertFilter = 'open' | 'recovered';
export type Level = 'raise' | 'hold' | 'clear' | 'unknown';
export type EventKind = 'raised' | 'recovered' | 'unwatched' | 'reminded' | 'acknowledged' | 'reopened' | 'silenced' | 'unsilenced';

export interface Subject {
  key: string;
  title: Words;
  kind: 'target' | 'indicator' | 'dataset' | 'delivery' | 'quarantine' | 'report';
  name: string;
}

/** Silence holds the messages of alerts back; an empty matcher matches all. */
export interface Silence {
  id: string;
  what: Words;
  rule: string;
  subject: string;
  owner: string;
  until: string;
  reason: string;
  by: string;
  as: string;
  at: string;
  in_force: boolean;
  ended_at?: string;
  ended_by?: string;
}

export interface Alert {
  id: string;
  rule: Named;
  note: Words;
  severity: Severity;
  state: AlertState;
  owner: Named;
  subject: Subject;
  text: Words;
  display: string;
  occurrence: number;
  since: string;
  days: number;
  changed_at: string;
  acknowledged?: { by: string; note: string };
  silence?: Silence;
  told: boolean;
  simulated: boolean;
}

export interface AlertEvent {
  at: string;
  kind: EventKind;
  occurrence: number;
  text: Words;
  by: string;
  note: string;
}

/** Sent is a message about an alert. */
export interface Sent {
  key: string;
  channel: string;
  kind: string;
  others: number;
  state: 'queued' | 'sent' | 'failed';
  attempts: number;
  at: string;
  ended_at?: string;
  next_at?: string;
  code?: string;
  error?: string;
}

export interface AlertDetail extends Alert {
  events: AlertEvent[];
  messages: Sent[];
}

export interface Counts {
  open: number;
  firing: number;
  acknowledged: number;
  silenced: number;
  critical: number;
  warning: number;
  info: number;
}

export interface Reading {
  subject: Subject;
  owner: Named;
  level: Level;
  text: Words;
  display: string;
  alert: string;
}

/** Watched is a rule with what it reads now. */
export interface Watched {
  rule: Named;
  note: Words;
  words: Words;
  severity: Severity;
  channels: string[];
  declared_at: string;
  raised: number;
  readings: Reading[];
  error?: string;
}

export interface AlertList extends Page<Alert> {
  counts: Counts;
}

/** Hush is a silence as somebody asks for it. */
export interface Hush {
  rule?: string;
  subject?: string;
  owner?: string;
  until: string;
  reason: string;
  by: string;
}

type Narrowed = { state?: AlertFilter; severity?: string; owner?: string; limit?: number; cursor?: string };

export async function getAlerts(q: Narrowed, signal?: AbortSignal): Promise<AlertList> {
  const page = await get<AlertList>(url(['alerts'], q), signal);
  return { ...page, items: list(page.items), next_cursor: page.next_cursor ?? '' };
}

/** getCounts asks how many alerts are there, without them. */
export async function getCounts(signal?: AbortSignal): Promise<Counts> {
  return (await getAlerts({ state: 'open', limit: 1 }, signal)).counts;
}

export async function getAlert(id: string, signal?: AbortSignal): Promise<AlertDetail> {
  const a = await get<AlertDetail>(url(['alerts', id]), signal);
  return { ...a, events: list(a.events), messages: list(a.messages) };
}

export async function getRules(signal?: AbortSignal): Promise<Watched[]> {
  const page = await get<{ items: Watched[] }>(url(['alerts', 'rules']), signal);
  return list(page.items).map((w) => ({ ...w, channels: list(w.channels), readings: list(w.readings) }));
}

export async function getSilences(all: boolean, signal?: AbortSignal): Promise<Silence[]> {
  return list((await get<{ items: Silence[] }>(url(['silences'], { all: String(all) }), signal)).items);
}

export function answerAlert(id: string, answer: 'acknowledge' | 'reopen', by: string, note: string): Promise<Alert> {
  return post<Alert>(url(['alerts', id, answer]), { by, note });
}

export function silence(hush: Hush): Promise<Silence> {
  return post<Silence>(url(['silences']), hush);
}

export function unsilence(id: string, by: string): Promise<void> {
  return del(url(['silences', id], { by }));
}
