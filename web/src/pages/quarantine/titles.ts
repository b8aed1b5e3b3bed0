// What the values that rows are grouped by are called.
import { computed, type ComputedRef } from 'vue';
import { getDatasets } from '@/api/client';
import type { Dataset, DatasetField } from '@/api/types';
import { useReasonWords } from '@/components/words';
import { useLang } from '@/i18n';
import type { Narrowing } from '@/quarantine/filter';
import { useCity } from '@/state/city';
import { useResource, type Resource } from '@/state/resource';

/** Titles words what the server names. */
export interface Titles {
  datasets: Resource<Dataset[]>;
  dataset: (name: string) => Dataset | undefined;
  field: (dataset: string, name: string) => DatasetField | undefined;
  /** why words what held a row of a dataset back; of any dataset when none is named */
  why: (code: string, message: string, dataset: string) => string;
  /** of says what a value of a dimension is called; dataset helps with fields */
  of: (key: Narrowing, value: string, dataset: string) => string;
}

export function useTitles(): Titles {
  const { t, text } = useLang();
  const { city, ownerShort } = useCity();
  const reason = useReasonWords();
  const datasets = useResource(getDatasets);
  const byName: ComputedRef<Map<string, Dataset>> = computed(() => new Map(datasets.data.value?.map((d) => [d.name, d])));
  const dataset = (name: string) => byName.value.get(name);
  const field = (of: string, name: string) => dataset(of)?.fields.find((f) => f.name === name);

  function why(code: string, message: string, of: string): string {
    const one = dataset(of);
    return reason(code, message, one ? [one] : datasets.data.value);
  }

  function owner(name: string): string {
    const o = city.value?.organisations.find((x) => x.name === name);
    return o ? text(ownerShort(o)) : name;
  }

  function title(key: Narrowing, value: string, of: string): string {
    switch (key) {
      case 'dataset':
        return text(dataset(value)?.title) || value;
      case 'code':
        return why(value, '', of);
      case 'field':
        return value ? text(field(of, value)?.title) || value : t('quarantine.wholeRow');
      case 'source':
        return value || t('quarantine.byHand');
      case 'owner':
        return owner(value) || t('quarantine.noOwner');
      case 'delivery':
        return value;
    }
  }
  return { datasets, dataset, field, why, of: title };
}
