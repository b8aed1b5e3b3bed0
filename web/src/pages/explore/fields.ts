// The dimensions of the measures in words, the values that the pack declares for
// them, and how far the data of the measures go.
import { computed } from 'vue';
import { getDatasets } from '@/api/client';
import type { DatasetField, Grain } from '@/api/types';
import { useLang } from '@/i18n';
import { useCity } from '@/state/city';
import { useResource } from '@/state/resource';

/** Choice is a value of a dimension and its title. */
export interface Choice {
  value: string;
  title: string;
}

/** useFields gives the titles of dimensions, in the words of the datasets of some indicators. */
export function useFields() {
  const { t, text } = useLang();
  const { city, indicator } = useCity();
  const datasets = useResource(getDatasets);
  const byName = computed(() => new Map((datasets.data.value ?? []).map((d) => [d.name, d])));

  function fields(dimension: string, indicators: string[]): DatasetField[] {
    const names = new Set(indicators.map((i) => indicator(i)?.dataset ?? ''));
    return [...names].flatMap((n) => byName.value.get(n)?.fields.filter((f) => f.name === dimension) ?? []);
  }

  function title(dimension: string, indicators: string[]): string {
    if (dimension === 'region') return t('dimension.region');
    return text(fields(dimension, indicators)[0]?.title) || dimension;
  }

  /** choices lists the declared values of a field; undefined when only the data know them. */
  function choices(dimension: string, indicators: string[]): Choice[] | undefined {
    const [field] = fields(dimension, indicators);
    if (dimension === 'region' || field?.type === 'region') return (city.value?.regions ?? []).map((r) => ({ value: r.code, title: text(r.name) }));
    if (field?.type === 'bool') return ['true', 'false'].map((value) => ({ value, title: t(`explore.bool.${value}`) }));
    return field?.values?.map((v) => ({ value: v.code, title: text(v.title) }));
  }

  /** label is a value of a field in words; the value itself where the pack declares none. */
  function label(name: string, indicators: string[], value: string): string {
    return choices(name, indicators)?.find((c) => c.value === value)?.title ?? value;
  }

  /** completeTo is the day that the data of all the indicators are complete to; the city's day when nothing came yet. */
  function completeTo(indicators: string[]): string {
    const days = indicators.map((i) => byName.value.get(indicator(i)?.dataset ?? '')?.complete_to ?? '').filter(Boolean);
    return days.sort()[0] ?? city.value?.complete_to ?? city.value?.today ?? '';
  }

  /** every is how often the data of an indicator come. */
  const every = (name: string): Grain | undefined => byName.value.get(indicator(name)?.dataset ?? '')?.every;

  return { title, choices, label, completeTo, every };
}

export type Fields = ReturnType<typeof useFields>;
