// The monthly document: which one is shown, and how its charts look.
import { describe, expect, it } from 'vitest';
import type { DocumentChart } from '@/api/monthly';
import { choose } from '@/monthly/choice';
import { chartHeight, chartOption, onPaper } from '@/monthly/chart';

const look = { family: '', ink: '#eee', quiet: '#aaa', line: '#333', surface: '#000', accent: '#5cc', pace: '', promise: '', font: 12 };
const reports = [
  { name: 'a', title: { zh: '甲', en: 'A' }, organisation: { name: 'o', title: { zh: '', en: '' } }, months: ['2024-10', '2024-09'], latest: '2024-09' },
  { name: 'b', title: { zh: '乙', en: 'B' }, organisation: { name: 'o', title: { zh: '', en: '' } }, months: ['2024-10'], latest: '' },
];

describe('the document that is shown', () => {
  it('is the one of the address, or the first with its last complete month', () => {
    expect(choose(reports, {})).toEqual({ report: 'a', month: '2024-09' });
    expect(choose(reports, { report: 'a', month: '2024-10' })).toEqual({ report: 'a', month: '2024-10' });
    expect(choose(reports, { report: 'b', month: '1999-01' })).toEqual({ report: 'b', month: '2024-10' });
    expect(choose(reports, { report: 'x' })).toEqual({ report: 'a', month: '2024-09' });
    expect(choose([], {})).toEqual({ report: '', month: '' });
  });
});

describe('a chart', () => {
  const chart: DocumentChart = {
    number: '图1', title: '累计', kind: 'line', notes: [1], axis_x: '月份', axis_y: '人', decimals: 0, categories: ['1月', '2月'],
    series: [{ name: '2024', values: [1, null], dashed: false }, { name: '2023', values: [1, 2], dashed: true }],
  };
  it('tells its lines apart by dash and mark, and leaves gaps', () => {
    const option = chartOption(chart, look, ['#1', '#2'], 'zh') as { series: { symbol: string; data: unknown[]; lineStyle: { type: string } }[]; yAxis: { name: string } };
    expect(option.series.map((s) => s.lineStyle.type)).toEqual(['solid', 'dashed']);
    expect(new Set(option.series.map((s) => s.symbol)).size).toBe(2);
    expect(option.series[0]!.data).toEqual([1, null]);
    expect(option.yAxis.name).toBe('人');
  });
  it('has its bars from top to bottom with their values, and grows with them', () => {
    const bars = { ...chart, kind: 'bar' as const, series: [chart.series[1]!] };
    const option = chartOption(bars, look, [], 'zh') as { yAxis: { inverse: boolean; data: string[] }; series: { label: { show: boolean } }[] };
    expect(option.yAxis).toMatchObject({ inverse: true, data: ['1月', '2月'] });
    expect(option.series[0]!.label.show).toBe(true);
    expect(chartHeight({ ...bars, categories: Array.from({ length: 20 }, String) })).toBeGreaterThan(chartHeight(bars));
  });
  it('is dark on white on paper, whatever the theme', () => {
    expect(onPaper(look)).toMatchObject({ surface: '#ffffff', ink: '#1d2321', font: 12 });
  });
});
