// The city that the console shows; loaded once, refreshed when data arrives.
import { computed, inject, type ComputedRef, type InjectionKey } from 'vue';
import type { City, IndicatorInfo, Text } from '@/api/types';
import type { Resource } from './resource';

export const cityKey: InjectionKey<Resource<City>> = Symbol('city');

export interface CityView {
  resource: Resource<City>;
  city: ComputedRef<City | undefined>;
  indicator: (name: string) => IndicatorInfo | undefined;
  /** ownerShort is how a table abbreviates an organisation, its title when it has no short form. */
  ownerShort: (owner: { name: string; title: Text }) => Text;
}

export function useCity(): CityView {
  const resource = inject(cityKey);
  if (!resource) throw new Error('useCity: the app provides no city');
  const city = computed(() => resource.data.value);
  const byName = computed(() => new Map(city.value?.indicators.map((i) => [i.name, i])));
  const shorts = computed(() => new Map(city.value?.organisations.map((o) => [o.name, o.short])));
  return {
    resource,
    city,
    indicator: (name) => byName.value.get(name),
    ownerShort: (owner) => {
      const short = shorts.value.get(owner.name);
      return short && (short.zh || short.en) ? short : owner.title;
    },
  };
}
