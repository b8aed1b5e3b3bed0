// What a target without data last reported by hand, in words.
import type { TargetStatus } from '@/api/types';
import { useLang } from '@/i18n';

/** useReported gives a function that words the day of the last report that was not sent back; "" where there is none or a figure stands in its place. */
export function useReported(): (v: TargetStatus) => string {
  const { t } = useLang();
  return (v) => {
    const last = v.reported?.last;
    if (v.actual !== null || !last || last.state === 'rejected') return '';
    if (last.done_on) return t('progress.doneOn', { date: last.done_on });
    return last.expected_on ? t('progress.expectedOn', { date: last.expected_on }) : '';
  };
}
