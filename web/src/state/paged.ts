// A list that is loaded page by page, and kept fresh without losing its length.
import { computed, ref, watch, type ComputedRef, type Ref, type WatchSource } from 'vue';
import { type ApiError, asApiError } from '@/api/errors';
import type { Page } from '@/api/types';
import { useResource, type Resource } from './resource';

/** The most items of one request; the server gives no more. */
const MOST = 1000;

/** Paged is what a page knows of a long list. */
export interface Paged<T> {
  /** first is the page that a panel waits for; reload asks again for as many items as are shown */
  first: Resource<Page<T>>;
  shown: ComputedRef<T[]>;
  /** whether there is more than is shown */
  more: ComputedRef<boolean>;
  loading: Ref<boolean>;
  failed: Ref<ApiError | undefined>;
  /** next loads a further page, or one of the given size */
  next: (limit?: number) => Promise<void>;
}

/** usePaged loads pages with fetcher; a changed dependency begins anew. */
export function usePaged<T>(
  fetcher: (q: { cursor?: string; limit: number }, signal?: AbortSignal) => Promise<Page<T>>,
  size: number,
  deps: WatchSource[] = [],
): Paged<T> {
  const rest = ref<T[]>([]) as Ref<T[]>;
  const cursor = ref('');
  const loading = ref(false);
  const failed = ref<ApiError>();
  let had = 0; // items shown, which a reload asks for again
  const first = useResource((signal) => fetcher({ limit: Math.min(MOST, Math.max(size, had)) }, signal), deps);
  const shown = computed(() => [...(first.data.value?.items ?? []), ...rest.value]);
  watch(deps, () => (had = 0), { flush: 'sync' });
  watch(shown, (all) => (had = all.length));
  watch(first.data, (page) => {
    rest.value = [];
    cursor.value = page?.next_cursor ?? '';
    failed.value = undefined;
  });

  async function next(limit = size): Promise<void> {
    const before = first.data.value;
    loading.value = true;
    try {
      const page = await fetcher({ limit: Math.min(MOST, limit), cursor: cursor.value });
      if (first.data.value !== before) return; // the list has begun anew meanwhile
      rest.value = [...rest.value, ...page.items];
      cursor.value = page.next_cursor ?? '';
      failed.value = undefined;
    } catch (cause) {
      failed.value = asApiError(cause);
    } finally {
      loading.value = false;
    }
  }
  return { first, shown, more: computed(() => cursor.value !== ''), loading, failed, next };
}
