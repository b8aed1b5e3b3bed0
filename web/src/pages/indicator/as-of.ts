// The present values beside those of an earlier state of the data.
import type { AnswerRow } from '@/api/types';
import { instant } from '@/format/date';
import { useLang } from '@/i18n';

/** Compared is a present value with what was known of the same period then. */
export interface Compared extends AnswerRow {
  then: AnswerRow | undefined;
  /** how much the value moved since; null when one of the two is missing */
  moved: number | null;
}

/** asReported pairs rows by period; a period without an earlier row stands alone. */
export function asReported(now: AnswerRow[], then: AnswerRow[] = []): Compared[] {
  const byPeriod = new Map(then.map((r) => [r.period, r]));
  return now.map((row) => {
    const earlier = byPeriod.get(row.period);
    const was = earlier?.value ?? null;
    return { ...row, then: earlier, moved: row.value === null || was === null ? null : row.value - was };
  });
}

/** instantOf makes an RFC 3339 time of what a date-and-time input gives; the city's clock shows UTC+8. */
export function instantOf(local: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(local) ? `${local}:00+08:00` : '';
}

/** localOf is the other way; "" for a tag or nothing. */
export function localOf(asOf: string): string {
  return /^(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\d\+08:00$/.exec(asOf)?.[1] ?? '';
}

/** useStateName gives a function that says what a tag or a time is called. */
export function useStateName(): (asOf: string) => string {
  const { t } = useLang();
  return (asOf) => {
    const month = /^month-(\d{4}-\d\d)$/.exec(asOf)?.[1];
    if (month) return t('asOf.month', { month });
    return Number.isNaN(Date.parse(asOf)) || !asOf.includes('T') ? asOf : instant(asOf);
  };
}
