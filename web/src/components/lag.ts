// How far a target is from its promise or its pace, in words.
import type { TargetStatus } from '@/api/types';
import { distance } from '@/board/promise';
import { figure } from '@/format/number';
import { useLang } from '@/i18n';

/** useLag gives a function that words the distance; "" when there is none to tell. */
export function useLag(): (v: TargetStatus) => string {
  const { t, text } = useLang();
  return (v) => {
    const d = distance(v);
    if (!d) return '';
    switch (d.kind) {
      case 'behind':
      case 'ahead':
        return t(`lag.${d.kind}`, { points: figure(d.by, 1) });
      case 'over':
      case 'short': {
        const unit = v.unit.name === 'percent' ? t('lag.points') : text(v.unit.title);
        return t(`lag.${d.kind}`, { amount: `${figure(d.by, Math.max(v.decimals, 1))} ${unit}` });
      }
      default:
        return t(`lag.${d.kind}`);
    }
  };
}
