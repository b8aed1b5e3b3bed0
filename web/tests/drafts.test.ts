import { describe, expect, it } from 'vitest';
import type { Draft, Proposal, Rejected, Span } from '@/api/drafts';
import { segments } from '@/drafts/segments';

const span = (start: number, end: number): Span => ({ start, end, byte_start: 0, byte_end: 0 });
const target = (number: number, start: number, end: number) => ({ ...span(start, end), number }) as Proposal;
const rejected = (start: number, end: number, why: string) => ({ ...span(start, end), why }) as Rejected;

function draft(text: string, targets: Proposal[], refused: Rejected[] = [], furniture: Span[] = []): Pick<Draft, 'text' | 'targets' | 'rejected' | 'furniture'> {
  return { text, targets, rejected: refused, furniture };
}

describe('segments', () => {
  it('cuts where marks begin and end, and loses nothing', () => {
    const text = '确保全年新增就业8万人。记者 王明';
    const cut = segments(draft(text, [target(1, 0, 11)], [], [span(12, 17)]));
    expect(cut.map((s) => s.text).join('')).toBe(text);
    expect(cut.map((s) => [s.targets, s.furniture])).toEqual([[[1], false], [[], false], [[], true]]);
  });

  it('names every proposal that quotes the same words', () => {
    const cut = segments(draft('A、B分别达1、2', [target(1, 0, 7), target(2, 0, 9)]));
    expect(cut.map((s) => s.targets)).toEqual([[1, 2], [2]]);
  });

  it('counts characters and not UTF-16 units', () => {
    const cut = segments(draft('𠮷8万人', [target(1, 1, 4)], [rejected(0, 1, 'past')]));
    expect(cut.map((s) => [s.text, s.why, s.targets.length])).toEqual([['𠮷', 'past', 0], ['8万人', '', 1]]);
  });

  it('bears offsets behind the end of the text', () => {
    expect(segments(draft('短', [target(1, 0, 99)])).map((s) => s.text)).toEqual(['短']);
    expect(segments(draft('', [])).length).toBe(0);
  });
});
