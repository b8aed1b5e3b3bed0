// A text cut where its marks begin and end. Offsets count Unicode characters,
// not the UTF-16 units of JavaScript's strings.
import type { Draft } from '@/api/drafts';

export interface Segment {
  start: number;
  text: string;
  /** numbers of the proposals that quote it, in the order of the text */
  targets: number[];
  /** why a candidate was rejected; '' when it is none */
  why: string;
  furniture: boolean;
}

/** segments cuts the text of a draft. */
export function segments(draft: Pick<Draft, 'text' | 'targets' | 'rejected' | 'furniture'>): Segment[] {
  const letters = Array.from(draft.text);
  const cuts = new Set([0, letters.length]);
  for (const s of [...draft.targets, ...draft.rejected, ...draft.furniture]) {
    cuts.add(Math.min(s.start, letters.length));
    cuts.add(Math.min(s.end, letters.length));
  }
  const at = [...cuts].sort((a, b) => a - b);
  const byStart = new Map(at.map((start, n) => [start, n]));
  const out = at.slice(0, -1).map((start, n): Segment => ({ start, text: letters.slice(start, at[n + 1]).join(''), targets: [], why: '', furniture: false }));
  const each = (s: { start: number; end: number }, f: (seg: Segment) => void): void => {
    for (let n = byStart.get(s.start) ?? out.length; n < out.length && out[n]!.start < s.end; n++) f(out[n]!);
  };
  for (const t of draft.targets) each(t, (seg) => seg.targets.push(t.number));
  for (const r of draft.rejected) each(r, (seg) => (seg.why ||= r.why));
  for (const f of draft.furniture) each(f, (seg) => (seg.furniture = true));
  return out;
}
