// A value that holds from one moment until the next: steps over time, with
// marks for what was published.
import type { EChartsCoreOption } from 'echarts/core';
import { compact, grouped, MISSING } from '@/format/number';
import { moment } from '@/format/date';
import type { Look } from './options';

/** StepPoint is a value from a moment on. */
export interface StepPoint {
  at: string; // RFC 3339
  value: number | null;
  display: string;
  /** what happened then */
  words: string;
}

/** Steps is a chart of one line of steps and of marks beside it. */
export interface Steps {
  points: StepPoint[];
  marks: StepPoint[];
  /** until the line goes on */
  until: string;
  unit: string;
  lang: string;
  names: { value: string; mark: string };
}

/** stepOption builds the option of a step chart. The moments are set out evenly: hours of deliveries and months of quiet would not fit one scale. */
export function stepOption(steps: Steps, look: Look): EChartsCoreOption {
  const text = { color: look.quiet, fontSize: look.font };
  const all = [...steps.points.map((p) => ({ ...p, mark: false })), ...steps.marks.map((p) => ({ ...p, mark: true }))]
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const top = Math.max(0, ...all.map((p) => Math.abs(p.value ?? 0)));
  let held: number | null = null;
  const line = all.map((p) => {
    if (!p.mark) held = p.value;
    return held;
  });
  const marks = all.map((p) => (p.mark ? p.value : null));
  const labels = [...all.map((p) => moment(p.at)), moment(steps.until)];
  return {
    animation: false,
    textStyle: { fontFamily: look.family },
    grid: { left: 8, right: 24, top: look.font * 3.6, bottom: 4, containLabel: true },
    legend: { top: 0, right: 8, textStyle: { color: look.ink, fontSize: look.font } },
    tooltip: {
      trigger: 'axis',
      confine: true,
      backgroundColor: look.surface,
      borderColor: look.line,
      textStyle: { color: look.ink, fontSize: look.font },
      formatter: (points: unknown) => {
        const i = (points as { dataIndex: number }[])[0]?.dataIndex ?? 0;
        const p = all[i];
        return p ? `${moment(p.at)}<br>${escape(p.words)}<br><b>${escape(p.display ? grouped(p.display) : MISSING)}</b> ${escape(steps.unit)}` : labels[i];
      },
    },
    xAxis: { type: 'category', data: labels, axisLabel: { ...text, hideOverlap: true }, axisLine: { lineStyle: { color: look.line } }, axisTick: { show: false } },
    yAxis: { type: 'value', scale: true, name: steps.unit, nameTextStyle: { ...text, align: 'left' }, splitLine: { lineStyle: { color: look.line } },
      axisLabel: { ...text, formatter: (v: number) => compact(v, top, steps.lang) } },
    series: [
      { name: steps.names.value, type: 'line', step: 'end', data: [...line, held], symbolSize: 6, color: look.accent, lineStyle: { width: 2 } },
      { name: steps.names.mark, type: 'scatter', data: [...marks, null], symbol: 'diamond', symbolSize: 13, color: look.ink },
    ],
  };
}

/** escape keeps names out of the tooltip's markup. */
function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);
}
