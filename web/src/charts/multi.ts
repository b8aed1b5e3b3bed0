// Lines, bars and points of several series. Each series has a symbol or a
// pattern of its own beside its colour, which alone would not tell them apart.
import type { EChartsCoreOption } from 'echarts/core';
import { compact, figure } from '@/format/number';
import type { Look } from './options';

const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'emptyCircle', 'emptyRect', 'emptyTriangle', 'emptyDiamond'];
const DASHES = ['solid', 'dashed', 'dotted'] as const;

/** Most categories of a bar chart whose labels are all written, on several lines where need be. */
const MOST_WRAPPED = 12;

export interface MultiSeries {
  name: string;
  values: (number | null)[];
  /** whether the line goes on over categories without a value */
  connect: boolean;
  /** a value's words in the tooltip, and what is to be known of it */
  say: (index: number) => string;
}

/** Multi is a chart over categories, all in one unit. */
export interface Multi {
  kind: 'line' | 'bar';
  categories: string[];
  series: MultiSeries[];
  unit: string;
  lang: string;
  stacked: boolean;
  /** whether the screen is that of a phone */
  narrow: boolean;
}

/** multiOption builds the option of lines or bars. */
export function multiOption(m: Multi, look: Look, palette: string[]): EChartsCoreOption {
  const text = { color: look.quiet, fontSize: look.font };
  const top = Math.max(0, ...m.series.flatMap((s) => s.values).map((v) => Math.abs(v ?? 0)));
  const many = m.series.length > 1;
  const few = m.kind === 'bar' && m.categories.length <= MOST_WRAPPED;
  return {
    animation: false,
    textStyle: { fontFamily: look.family },
    color: palette,
    aria: { enabled: true, decal: { show: m.kind === 'bar' && many } },
    grid: { left: 8, right: 24, top: look.font * (many ? 4.4 : 2.6), bottom: 4, containLabel: true },
    legend: many ? { type: 'scroll', top: 0, left: 'center', width: '76%', itemWidth: 26, textStyle: { color: look.ink, fontSize: look.font } } : { show: false },
    tooltip: { ...frame(look), trigger: 'axis', formatter: (points: unknown) => categoryTip(m, points) },
    xAxis: {
      type: 'category',
      data: m.categories,
      boundaryGap: m.kind === 'bar',
      axisLabel: { ...text, ...(few ? allLabels(m.narrow, look) : { hideOverlap: true }) },
      axisLine: { lineStyle: { color: look.line } },
      axisTick: { show: false },
    },
    yAxis: {
      type: 'value',
      name: m.unit,
      nameTextStyle: { ...text, align: 'left' },
      axisLabel: { ...text, formatter: (v: number) => compact(v, top, m.lang) },
      splitLine: { lineStyle: { color: look.line } },
    },
    series: m.series.map((s, i) => (m.kind === 'line' ? lineSeries(s, i, m.categories.length) : { type: 'bar', name: s.name, data: s.values, barMaxWidth: 42, stack: m.stacked ? 'all' : undefined })),
  };
}

/** allLabels writes every label: on several lines, or slanted where there is no room for that. */
function allLabels(narrow: boolean, look: Look): object {
  if (narrow) return { interval: 0, rotate: 55, width: 90, overflow: 'truncate' };
  return { interval: 0, width: 78, overflow: 'break', lineHeight: look.font * 1.15 };
}

function lineSeries(s: MultiSeries, i: number, points: number): object {
  return {
    type: 'line',
    name: s.name,
    data: s.values,
    connectNulls: s.connect,
    symbol: SYMBOLS[i % SYMBOLS.length],
    symbolSize: 7,
    showAllSymbol: points <= 36 ? true : 'auto',
    lineStyle: { width: 2.2, type: DASHES[Math.floor(i / 3) % DASHES.length] },
  };
}

const frame = (look: Look): object => ({
  confine: true,
  backgroundColor: look.surface,
  borderColor: look.line,
  textStyle: { color: look.ink, fontSize: look.font },
});

/** box builds elements, not markup: the content security policy forbids styles in markup. */
function box(title: string, lines: string[]): HTMLElement {
  const out = document.createElement('div');
  const add = (words: string, tag: string) => out.appendChild(Object.assign(document.createElement(tag), { textContent: words }));
  add(title, 'b');
  for (const words of lines) add(words, 'div');
  return out;
}

function categoryTip(m: Multi, points: unknown): HTMLElement {
  const index = (points as { dataIndex: number }[])[0]?.dataIndex ?? 0;
  const said = m.series.map((s) => [s.name, s.say(index)]).filter(([, words]) => words);
  return box(m.categories[index] ?? '', said.map(([name, words]) => (m.series.length > 1 ? `${name}  ${words}` : (words ?? ''))));
}

/** Points is one measure against another. */
export interface Points {
  x: { title: string; unit: string; decimals: number };
  y: { title: string; unit: string; decimals: number };
  dots: { name: string; x: number; y: number }[];
  lang: string;
}

/** Most points that carry their name in the picture; more would hide each other. */
const MOST_NAMED = 20;
/** How far along the axis names begin to stand at the left of their point, so that the edge does not cut them. */
const LABEL_LEFT = 0.8;

/** pointsOption builds the option of a scatter. */
export function pointsOption(p: Points, look: Look): EChartsCoreOption {
  const text = { color: look.quiet, fontSize: look.font };
  const axis = (of: Points['x'], values: number[], end: object): object => ({
    type: 'value',
    scale: true,
    name: `${of.title} (${of.unit})`,
    nameTextStyle: { ...text, ...end },
    axisLabel: { ...text, formatter: (v: number) => compact(v, Math.max(0, ...values.map(Math.abs)), p.lang) },
    splitLine: { lineStyle: { color: look.line } },
  });
  const xs = p.dots.map((d) => d.x);
  const edge = Math.min(...xs) + (Math.max(...xs) - Math.min(...xs)) * LABEL_LEFT;
  const words = (of: Points['x'], v: number): string => `${of.title}  ${figure(v, of.decimals)} ${of.unit}`;
  return {
    animation: false,
    textStyle: { fontFamily: look.family },
    aria: { enabled: true },
    grid: { left: 8, right: 40, top: look.font * 3, bottom: look.font * 2.4, containLabel: true },
    tooltip: {
      ...frame(look),
      trigger: 'item',
      formatter: (at: unknown) => {
        const dot = p.dots[(at as { dataIndex: number }).dataIndex];
        return dot ? box(dot.name, [words(p.x, dot.x), words(p.y, dot.y)]) : box('', []);
      },
    },
    xAxis: { ...axis(p.x, xs, {}), nameLocation: 'middle', nameGap: look.font * 2.2 },
    yAxis: axis(p.y, p.dots.map((d) => d.y), { align: 'left' }),
    series: [{
      type: 'scatter',
      symbolSize: 11,
      itemStyle: { color: look.accent },
      data: p.dots.map((d) => ({ value: [d.x, d.y], name: d.name, label: { position: d.x > edge ? 'left' : 'right' } })),
      labelLayout: { hideOverlap: true },
      label: { show: p.dots.length <= MOST_NAMED, formatter: '{b}', color: look.ink, fontSize: look.font },
    }],
  };
}
