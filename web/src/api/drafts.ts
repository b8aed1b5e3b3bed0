// Texts that targets are read from, the review of what was found, and the way
// into the pack.
import { get, hand, list, patch, post, url } from './http';
import type { Words } from './types';

export type ReviewState = 'proposed' | 'accepted' | 'rejected';

export interface Written {
  file: string;
  by: string;
  at: string;
}

export interface Summary {
  id: string;
  file: string;
  sha256: string;
  kind: 'txt' | 'docx' | 'pdf';
  encoding: string;
  year: number;
  characters: number;
  proposals: number;
  accepted: number;
  refused: number;
  by: string;
  at: string;
  written: Written | null;
}

/** Span is a place in the text, in Unicode characters and in bytes of UTF-8. */
export interface Span {
  start: number;
  end: number;
  byte_start: number;
  byte_end: number;
}

export interface Reason {
  code: string;
  words: string;
  weight: number;
}

export interface Declaration {
  name: string;
  title: Words;
  indicator: string;
  kind: 'level' | 'growth' | 'coverage' | 'milestone' | 'relative';
  comparator: 'at_least' | 'at_most' | 'around' | 'above' | 'below' | '';
  value: number | null;
  tolerance: number | null;
  unit: string;
  relative: string;
  deadline: string;
  from: string;
  owner: string;
  region: string;
  note: string;
}

export interface Suggestion {
  indicator: string;
  title: Words;
  unit: string;
  score: number;
}

export interface Proposal extends Span {
  number: number;
  id: string;
  indicator_phrase: string;
  quote: string;
  value: number | null;
  high: number | null;
  unit: string;
  value_kind: string;
  comparator: string;
  deadline: string;
  deadline_text: string;
  section: string;
  confidence: number;
  reasons: Reason[];
  state: ReviewState;
  declared: Declaration;
  edited: boolean;
  version: number;
  changed_by: string;
  suggestions: Suggestion[];
}

export interface Rejected extends Span {
  quote: string;
  why: string;
  confidence: number;
}

export interface Draft extends Summary {
  text: string;
  furniture: Span[];
  rejected: Rejected[];
  targets: Proposal[];
}

export interface Change {
  version: number;
  state?: ReviewState;
  declared?: Declaration;
  note?: string;
}

export interface Past {
  version: number;
  state: ReviewState;
  note: string;
  by: string;
  at: string;
}

export interface Writing {
  name: string;
  plan: string;
  chapter: string;
  owner: string;
  title: Words;
  publisher: string;
  published: string;
}

export interface Preview {
  file: string;
  yaml: string;
  targets: number;
  problems: { file: string; line: number; code: string; message: string; hint: string }[];
  writable: boolean;
}

export async function getDrafts(signal?: AbortSignal): Promise<Summary[]> {
  return list((await get<{ items: Summary[] }>(url(['drafts']), signal)).items);
}

export function getDraft(id: string, signal?: AbortSignal): Promise<Draft> {
  return get<Draft>(url(['drafts', id]), signal);
}

/** addDraft has a document read; year 0 is told from the text. */
export function addDraft(file: File, year: number): Promise<Draft> {
  return hand<Draft>(url(['drafts'], { filename: file.name, year }), file);
}

export function review(id: string, number: number, change: Change): Promise<Proposal> {
  return patch<Proposal>(url(['drafts', id, 'targets', String(number)]), change);
}

export async function getChanges(id: string, number: number, signal?: AbortSignal): Promise<Past[]> {
  return list((await get<{ items: Past[] }>(url(['drafts', id, 'targets', String(number), 'changes']), signal)).items);
}

export function preview(id: string, w: Writing): Promise<Preview> {
  return post<Preview>(url(['drafts', id, 'preview']), w);
}

export function write(id: string, w: Writing): Promise<Preview> {
  return post<Preview>(url(['drafts', id, 'write']), w);
}

export function undo(id: string): Promise<Draft> {
  return post<Draft>(url(['drafts', id, 'undo']));
}
