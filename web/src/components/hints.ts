// What a field takes, in words.
import type { DatasetField } from '@/api/types';
import { useLang } from '@/i18n';
import { hintsOf, type Hint } from '@/quarantine/allowed';

/** useHintWords gives a function that words what a field takes, its type first. */
export function useHintWords(): (field: DatasetField) => string[] {
  const { t, te } = useLang();

  function words(h: Hint): string {
    switch (h.kind) {
      case 'type':
        if (h.type === 'region') return t('allowed.region');
        return te(`type.${h.type}`) ? t(`type.${h.type}`) : h.type;
      case 'written':
        return t('allowed.written', { examples: h.examples.join(t('app.listJoin')) });
      default:
        return t(`allowed.${h.kind}`, { ...h });
    }
  }
  return (field) => hintsOf(field).map(words);
}

/** useTakesWords gives a function that words what a field takes besides its type: the values of an enum, bounds, layouts; '' when there is no more to say. */
export function useTakesWords(): (field: DatasetField) => string {
  const { t, text } = useLang();
  const hints = useHintWords();
  return (field) => {
    const values = (field.values ?? []).map((v) => text(v.title) || v.code);
    return (values.length > 0 ? values : hints({ ...field, optional: false }).slice(1)).join(t('app.listJoin'));
  };
}
