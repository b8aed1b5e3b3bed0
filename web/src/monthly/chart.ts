// How the charts of a document look on a page: the same series, axes and units as
// in the file that is circulated. Lines differ by dash and mark, not by colour alone.
import type { EChartsCoreOption } from 'echarts/core';
import type { DocumentChart } from '@/api/monthly';
import type { Look } from '@/charts/options';
import { compact, figure } from '@/format/number';

const DASHES = ['solid', 'dashed', 'dotted'] as const;
const MARKS = ['circle', 'triangle', 'none'] as const;

/** onPaper is the look of a chart that is printed, whatever the theme of the screen. */
export function onPaper(look: Look): Look {
  return { ...look, ink: '#1d2321', quiet: '#3d4542', line: '#c9c8c0', surface: '#ffffff', accent: '#0f5f5a', pace: '#8b918d' };
}

/** chartOption builds the option of a chart. */
export function chartOption(chart: DocumentChart, look: Look, palette: string[], lang: string): EChartsCoreOption {
  const bar = chart.kind === 'bar';
  const text = { color: look.quiet, fontSize: look.font };
  const top = Math.max(0, ...chart.series.flatMap((s) => s.values).map((v) => Math.abs(v ?? 0)));
  const category = {
    type: 'category', data: chart.categories, inverse: bar, name: chart.axis_x, nameTextStyle: text, nameLocation: bar ? 'start' : 'end',
    axisLabel: { ...text, hideOverlap: !bar, interval: bar ? 0 : 'auto' }, axisLine: { lineStyle: { color: look.line } }, axisTick: { show: false },
  };
  const value = {
    type: 'value', name: chart.axis_y, nameLocation: bar ? 'middle' : 'end', nameGap: bar ? look.font * 2.2 : 12,
    nameTextStyle: { ...text, align: bar ? 'center' : 'left' }, axisLabel: { ...text, hideOverlap: true, formatter: (v: number) => compact(v, top, lang) },
    splitLine: { lineStyle: { color: look.line } },
  };
  return {
    animation: false,
    textStyle: { fontFamily: look.family },
    aria: { enabled: true },
    grid: { left: 8, right: bar ? 64 : 40, top: look.font * (bar ? 2 : 4), bottom: bar ? look.font * 2 : 4, containLabel: true },
    legend: bar ? undefined : { top: 0, right: 8, itemWidth: 30, textStyle: { color: look.ink, fontSize: look.font } },
    tooltip: {
      trigger: 'axis', confine: true, backgroundColor: look.surface, borderColor: look.line, textStyle: { color: look.ink, fontSize: look.font },
      valueFormatter: (v: unknown) => figure(typeof v === 'number' ? v : null, chart.decimals),
    },
    xAxis: bar ? value : category,
    yAxis: bar ? category : value,
    series: chart.series.map((s, i) => {
      const colour = i === 0 ? look.accent : (palette[i % Math.max(1, palette.length)] ?? look.quiet);
      return bar
        ? { name: s.name, type: 'bar', data: s.values, barMaxWidth: 18, itemStyle: { color: colour },
            label: { show: true, position: 'right', color: look.ink, fontSize: look.font, formatter: (p: { value: number }) => figure(p.value, chart.decimals) } }
        : { name: s.name, type: 'line', data: s.values, symbol: MARKS[i % MARKS.length], symbolSize: 7, itemStyle: { color: colour },
            lineStyle: { color: colour, width: s.dashed ? 1.6 : 2.6, type: DASHES[i % DASHES.length] } };
    }),
  };
}

/** chartHeight is the height of a chart in pixels: a canvas does not follow the smaller type of paper. */
export function chartHeight(chart: DocumentChart): number {
  return chart.kind === 'bar' ? Math.max(170, 60 + 24 * chart.categories.length) : 270;
}
