// Which template and month the page shows: what the address says, or else the
// first template and its last month that is complete.
import type { ReportInfo } from '@/api/monthly';

export interface Choice {
  report: string;
  month: string;
}

/** choose finds a template and a month that there are. */
export function choose(reports: ReportInfo[], asked: { report?: string; month?: string }): Choice {
  const found = reports.find((r) => r.name === asked.report) ?? reports[0];
  if (!found) return { report: '', month: '' };
  const month = asked.month && found.months.includes(asked.month) ? asked.month : found.latest || found.months[0] || '';
  return { report: found.name, month };
}
