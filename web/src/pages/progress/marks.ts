// The shapes of the states of reports and of what is owed.
import type { OwedState, Report, ReportState } from '@/api/progress';
import type { Shape, Tone } from '@/components/StateMark.vue';
import { useLang } from '@/i18n';

type Mark = { shape: Shape; tone: Tone };

const OWED: Record<OwedState, Mark> = {
  overdue: { shape: 'cross', tone: 'red' },
  rejected: { shape: 'arrow', tone: 'red' },
  due: { shape: 'clock', tone: 'yellow' },
  waiting: { shape: 'ring', tone: 'accent' },
  approved: { shape: 'check', tone: 'green' },
  none: { shape: 'dash', tone: 'quiet' },
};

const REPORT: Record<ReportState, Mark> = {
  reported: { shape: 'ring', tone: 'accent' },
  approved: { shape: 'check', tone: 'green' },
  rejected: { shape: 'arrow', tone: 'red' },
  withdrawn: { shape: 'dash', tone: 'quiet' },
  superseded: { shape: 'dash', tone: 'quiet' },
};

/** owedMark is how the state of a target's reporting is drawn. */
export const owedMark = (state: OwedState): Mark => OWED[state] ?? OWED.none;

/** reportMark is how the state of a report is drawn. */
export const reportMark = (state: ReportState): Mark => REPORT[state] ?? REPORT.withdrawn;

/** useSaid gives a function that words what a report says: a figure with its unit, or a day. */
export function useSaid(): (r: Report) => string {
  const { t, text } = useLang();
  return (r) => {
    if (r.done_on) return t('progress.doneOn', { date: r.done_on });
    if (r.expected_on) return t('progress.expectedOn', { date: r.expected_on });
    return `${r.display} ${text(r.unit.title)}`.trim();
  };
}
