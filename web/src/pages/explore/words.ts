// A question in one line of words: the heading of its answer, also on paper.
import { conditionOf } from '@/explore/where';
import type { Question } from '@/explore/question';
import { periodWords, presetOf } from '@/explore/periods';
import { useLang } from '@/i18n';
import { useCity } from '@/state/city';
import type { Fields } from './fields';

/** useQuestionWords gives a function that words what a question asks. */
export function useQuestionWords(fields: Fields): (q: Question) => string {
  const { t, text } = useLang();
  const { indicator } = useCity();
  return (q) => {
    const names = q.measures.map((m) => m.indicator);
    const join = (all: string[]): string => all.join(t('app.listJoin'));
    const measures = join(names.map((n) => text(indicator(n)?.title) || n));
    const preset = q.period ? presetOf(q.period, fields.completeTo(names)) : 'all';
    const period = preset ? t(`explore.preset.${preset}`) : periodWords(q.period);
    const where = q.where.map(conditionOf).filter((c) => c !== undefined).map((c) => {
      return t(c.not ? 'explore.notOneOf' : 'explore.oneOf', { field: fields.title(c.field, names), values: join(c.values.map((v) => fields.label(c.field, names, v))) });
    });
    const parts = [measures, period, ...where];
    if (q.by.length > 0) parts.push(t('explore.byWords', { what: join(q.by.map((d) => fields.title(d, names))) }));
    if (q.grain && q.grain !== 'all') parts.push(t(`explore.grains.${q.grain}`));
    return parts.join(' · ');
  };
}
