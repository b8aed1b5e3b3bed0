// Where the districts lie, as the pack says.
import { computed, type ComputedRef } from 'vue';
import { getOutlines } from '@/api/client';
import { useCity } from '@/state/city';
import { useResource, type Resource } from '@/state/resource';
import type { Shapes } from './geometry';

export interface OutlinesView {
  resource: Resource<Shapes>;
  /** the outlines of the city's districts; without features when the pack has none */
  shapes: ComputedRef<Shapes | undefined>;
}

/** useOutlines loads the outlines, and loads them anew when another pack is in force. */
export function useOutlines(): OutlinesView {
  const { city } = useCity();
  const resource = useResource(getOutlines, [() => city.value?.pack.sha256]);
  const districts = computed(() => new Set(city.value?.regions.filter((r) => r.district).map((r) => r.code)));
  const shapes = computed(() => {
    const all = resource.data.value;
    return all && { ...all, features: all.features.filter((f) => districts.value.has(f.properties.adcode)) };
  });
  return { resource, shapes };
}
