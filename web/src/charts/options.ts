// What the console's charts look like. Colours come from the theme; the words
// from the caller, who knows the language.
import type { EChartsCoreOption } from 'echarts/core';
import { compact, figure } from '@/format/number';

/** Look is the colours and the size of text that a chart takes from the page. */
export interface Look {
  family: string;
  ink: string;
  quiet: string;
  line: string;
  surface: string;
  accent: string;
  pace: string;
  promise: string;
  font: number; // pixels
}

/** Series is one line of a chart. */
export interface Series {
  name: string;
  values: (number | null)[];
  style: 'solid' | 'dashed' | 'dotted' | 'dashdot';
  colour: string;
  /** whether the line goes on over periods without a value, as for quarterly figures by month */
  connect?: boolean;
}

/** Lines is a chart of lines over periods. */
export interface Lines {
  periods: string[];
  series: Series[];
  unit: string;
  decimals: number;
  lang: string;
  /** whether the axis starts at zero; a level reads better without */
  fromZero: boolean;
  /** a shaded range about a forecast */
  band?: { name: string; low: (number | null)[]; high: (number | null)[]; colour: string };
  /** a horizontal line with its words */
  mark?: { value: number; words: string };
  /** further lines of the tooltip for the period at an index */
  note?: (index: number) => string;
}

/** lineOption builds the option of a line chart. */
export function lineOption(lines: Lines, look: Look): EChartsCoreOption {
  const text = { color: look.quiet, fontSize: look.font };
  const top = Math.max(0, ...lines.series.flatMap((s) => s.values).map((v) => Math.abs(v ?? 0)));
  return {
    animation: false,
    textStyle: { fontFamily: look.family },
    grid: { left: 8, right: 24, top: look.font * (lines.mark ? 4.4 : 3.6), bottom: 4, containLabel: true },
    legend: { data: legend(lines), top: 0, right: 8, itemWidth: 26, itemStyle: { opacity: 0 },  textStyle: { color: look.ink, fontSize: look.font } },
    tooltip: {
      trigger: 'axis',
      confine: true,
      backgroundColor: look.surface,
      borderColor: look.line,
      textStyle: { color: look.ink, fontSize: look.font },
      formatter: (points: unknown) => tooltip(lines, points),
    },
    xAxis: {
      type: 'category',
      data: lines.periods,
      boundaryGap: false,
      axisLabel: { ...text, hideOverlap: true },
      axisLine: { lineStyle: { color: look.line } },
      axisTick: { show: false },
    },
    yAxis: {
      type: 'value',
      scale: !lines.fromZero,
      name: lines.unit,
      nameGap: look.font * (lines.mark ? 2 : 1.1), // the words of a mark at the top of the axis stand below the unit
      nameTextStyle: { ...text, align: 'left' },
      axisLabel: { ...text, formatter: (v: number) => compact(v, top, lines.lang) },
      splitLine: { lineStyle: { color: look.line } },
    },
    series: [...lines.series.map((s, i) => series(s, i === 0 ? lines.mark : undefined, look)), ...band(lines.band)],
  };
}

/** legend names the lines and the band; the band's lower edge has no name. */
function legend(lines: Lines): object[] {
  const named: object[] = lines.series.map((s) => ({ name: s.name }));
  return lines.band ? [...named, { name: lines.band.name, icon: 'rect', itemStyle: { opacity: 0.3 } }] : named;
}

/** band draws a range as the area between its lower bound and what lies above it. */
function band(b: Lines['band']): object[] {
  if (!b) return [];
  const side = { type: 'line', stack: 'band', stackStrategy: 'all', symbol: 'none', silent: true, lineStyle: { opacity: 0 }, z: 1 };
  const height = b.high.map((v, i) => (v === null || b.low[i] === null || b.low[i] === undefined ? null : v - b.low[i]));
  return [
    { ...side, name: '', data: b.low },
    { ...side, name: b.name, data: height, itemStyle: { color: b.colour, opacity: 0.3 }, areaStyle: { color: b.colour, opacity: 0.18 } },
  ];
}

function series(s: Series, mark: Lines['mark'], look: Look): object {
  const solid = s.style === 'solid';
  return {
    type: 'line',
    name: s.name,
    data: s.values,
    connectNulls: s.connect ?? false,
    showSymbol: solid,
    symbol: solid ? 'circle' : 'none',
    symbolSize: 6,
    itemStyle: { color: s.colour },
    lineStyle: { color: s.colour, width: solid ? 2.6 : 1.6, type: s.style === 'dashdot' ? [8, 3, 2, 3] : s.style },
    z: solid ? 3 : 2,
    markLine: mark && {
      silent: true,
      symbol: 'none',
      data: [{ yAxis: mark.value }],
      lineStyle: { color: look.promise, width: 1.2, type: 'solid' },
      label: { formatter: mark.words, position: 'insideStartTop', color: look.promise, fontSize: look.font },
    },
  };
}

/** tooltip builds elements, not markup: the content security policy forbids styles in markup. */
function tooltip(lines: Lines, points: unknown): HTMLElement {
  const list = points as { dataIndex: number }[];
  const index = list[0]?.dataIndex ?? 0;
  const box = document.createElement('div');
  const add = (words: string, tag = 'div') => box.appendChild(Object.assign(document.createElement(tag), { textContent: words }));
  add(lines.periods[index] ?? '', 'b');
  for (const s of lines.series) {
    const value = s.values[index];
    if (value !== null && value !== undefined) add(`${s.name}  ${figure(value, lines.decimals)} ${lines.unit}`);
  }
  const [low, high] = [lines.band?.low[index], lines.band?.high[index]];
  if (lines.band && typeof low === 'number' && typeof high === 'number' && low !== high) {
    add(`${lines.band.name}  ${figure(low, lines.decimals)} – ${figure(high, lines.decimals)} ${lines.unit}`);
  }
  const note = lines.note?.(index);
  if (note) add(note);
  return box;
}
