// How far a target is behind or ahead of its pace, in words.
import type { TargetStatus } from '@/api/types';
import { figure } from '@/format/number';
import { useLang } from '@/i18n';

const NOTHING = 0.05; // points; below this a distance is not spoken of

/** useLag gives a function that words the distance from the pace; "" when there is none to tell. */
export function useLag(): (v: TargetStatus) => string {
  const { t } = useLang();
  return (v) => {
    if (v.lag === null || v.state === 'no_data') return '';
    if (Math.abs(v.lag) < NOTHING) return t('lag.none');
    return t(v.lag > 0 ? 'lag.behind' : 'lag.ahead', { points: figure(Math.abs(v.lag), 1) });
  };
}
