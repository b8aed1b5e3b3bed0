// What the page of alerts computes by itself.
import { describe, expect, test } from 'vitest';
import type { Alert, Subject } from '@/api/alerts';
import { endOf, levelMark, severityMark, shownState, stateMark, subjectRoute } from '@/pages/alerts/marks';

const alert = (state: Alert['state'], silenced: boolean): Alert => ({ state, silence: silenced ? {} : undefined }) as unknown as Alert;

describe('an alert', () => {
  test.each([
    ['firing', false, 'firing'],
    ['firing', true, 'silenced'],
    ['acknowledged', true, 'acknowledged'],
    ['recovered', false, 'recovered'],
  ] as const)('that is %s, silenced: %s, is shown as %s', (state, silenced, want) => {
    expect(shownState(alert(state, silenced))).toBe(want);
  });

  test.each([
    ['target', { name: 'target', params: { name: 'x' } }],
    ['indicator', { name: 'indicator', params: { name: 'x' } }],
    ['delivery', { name: 'delivery', params: { id: 'x' } }],
    ['dataset', { path: '/data', query: { dataset: 'x' } }],
    ['quarantine', { path: '/quarantine', query: { dataset: 'x' } }],
    ['report', { path: '/progress' }],
  ] as const)('about a %s leads there', (kind, want) => {
    expect(subjectRoute({ kind, name: 'x' } as Subject)).toEqual(want);
  });

  test('differs in shape, not in colour alone', () => {
    const shapes = (marks: { shape: string }[]) => new Set(marks.map((m) => m.shape)).size;
    expect(shapes((['critical', 'warning', 'info'] as const).map(severityMark))).toBe(3);
    expect(shapes((['raise', 'hold', 'clear', 'unknown'] as const).map(levelMark))).toBe(4);
    expect(shapes((['firing', 'silenced', 'recovered'] as const).map(stateMark))).toBe(3);
  });

  test('is silenced until so many hours from now', () => {
    expect(endOf(24, new Date('2024-11-01T09:00:00Z'))).toBe('2024-11-02T09:00:00.000Z');
  });
});
