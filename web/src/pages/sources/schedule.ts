// When a source is asked, in words: the server says "every 1m" or "daily at 02:30".
import { useLang } from '@/i18n';

/** Part is a number with its unit, of a duration as Go writes it. */
export interface Part {
  n: number;
  unit: 'h' | 'm' | 's';
}

/** durationOf reads 1h30m0s; parts of zero are left out, and undefined is none that it knows. */
export function durationOf(text: string): Part[] | undefined {
  if (!/^(\d+[hms])+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)([hms])/g)].map((m) => ({ n: Number(m[1]), unit: m[2] as Part['unit'] })).filter((p) => p.n > 0);
}

/** useScheduleWords gives a function that words a schedule; what it does not know stays as it is. */
export function useScheduleWords(): (schedule: string) => string {
  const { t } = useLang();
  return (schedule) => {
    const [, kind, rest = ''] = /^(every|daily at) (.+)$/.exec(schedule) ?? [];
    if (kind === 'daily at') return t('sources.at', { time: rest });
    const parts = kind === 'every' ? durationOf(rest) : undefined;
    return parts ? t('sources.every', { time: parts.map((p) => t(`duration.${p.unit}`, { n: p.n })).join(' ') }) : schedule;
  };
}
