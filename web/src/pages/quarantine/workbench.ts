// The state of the workbench: the address says what is shown, the rest is loaded by it.
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { getHeldGroups, getHeldRows } from '@/api/quarantine';
import type { HeldGroup, HeldRow } from '@/api/types';
import { dimensionOf, filterOf, queryOf, type Dimension, type Filter } from '@/quarantine/filter';
import { keep, keyOf, NOTHING, type Selection } from '@/quarantine/selection';
import { usePaged, type Paged } from '@/state/paged';
import { useResource, type Resource } from '@/state/resource';

const PAGE = 100;

/** Workbench is what its parts share. */
export interface Workbench {
  filter: ComputedRef<Filter>;
  by: ComputedRef<Dimension>;
  groups: Resource<HeldGroup[]>;
  rows: Paged<HeldRow>;
  selection: ShallowRef<Selection>;
  chosen: ComputedRef<HeldRow[]>;
  /** narrow changes the filter, and so the address; the way back undoes it */
  narrow: (change: Partial<Filter>) => void;
  groupBy: (by: Dimension) => void;
  reload: () => void;
}

export function useWorkbench(): Workbench {
  const route = useRoute();
  const router = useRouter();
  const filter = computed(() => filterOf(route.query));
  const by = computed(() => dimensionOf(route.query));
  const asked = computed(() => JSON.stringify(filter.value)); // grouping anew asks for no rows
  const groups = useResource(
    (signal) => getHeldGroups({ state: filter.value.state, delivery: filter.value.delivery }, signal),
    [() => filter.value.state, () => filter.value.delivery],
  );
  const rows = usePaged((page, signal) => getHeldRows(filter.value, page, signal), PAGE, [asked]);
  const selection = shallowRef(NOTHING);
  watch(rows.shown, (shown) => (selection.value = keep(selection.value, shown)));

  return {
    filter,
    by,
    groups,
    rows,
    selection,
    chosen: computed(() => rows.shown.value.filter((r) => selection.value.chosen.has(keyOf(r)))),
    narrow: (change) => void router.push({ query: queryOf({ ...filter.value, ...change }, by.value) }),
    groupBy: (next) => void router.replace({ query: queryOf(filter.value, next) }),
    reload: () => {
      void groups.reload();
      void rows.first.reload();
    },
  };
}
