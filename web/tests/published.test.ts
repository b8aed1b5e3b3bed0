// The ledger of published figures: waterfalls, steps over time, and periods.
import { describe, expect, it } from 'vitest';
import { stepOption } from '@/charts/steps';
import { barsOf } from '@/pages/published/bars';
import { closable } from '@/pages/published/periods';

describe('a waterfall', () => {
  it('goes from each value to the next', () => {
    const bars = barsOf(100, [{ amount: '10' }, { amount: '0' }, { amount: '-20' }, { amount: null }]);
    expect(bars).toEqual([{ left: 50, width: 50, up: true }, null, { left: 0, width: 100, up: false }, null]);
    expect(barsOf(null, [])).toEqual([]);
  });
});

describe('steps', () => {
  it('hold a value until the next, and mark what was published', () => {
    const option = stepOption({
      points: [{ at: '2024-01-01T00:00:00Z', value: 1, display: '1', words: 'a' }, { at: '2024-03-01T00:00:00Z', value: 2, display: '2', words: 'b' }],
      marks: [{ at: '2024-02-01T00:00:00Z', value: 1, display: '1', words: 'p' }],
      until: '2024-04-01T00:00:00Z', unit: '人', lang: 'zh', names: { value: 'v', mark: 'm' },
    }, { family: '', ink: '', quiet: '', line: '', surface: '', accent: '', pace: '', promise: '', font: 12 });
    const series = (option as { series: { data: (number | null)[] }[] }).series;
    expect(series[0]!.data).toEqual([1, 1, 2, 2]);
    expect(series[1]!.data).toEqual([null, 1, null, null]);
  });
});

describe('the months that can be closed', () => {
  it('go back over the turn of the year', () => {
    expect(closable('2024-02-10').slice(0, 3)).toEqual(['2024-02', '2024-01', '2023-12']);
    expect(closable('')).toEqual([]);
  });
});
