// Loading something from the server and keeping it fresh.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef, type WatchSource } from 'vue';
import { type ApiError, asApiError } from '@/api/errors';

/** Resource is what a page knows of something it loads. */
export interface Resource<T> {
  data: ShallowRef<T | undefined>;
  error: ShallowRef<ApiError | undefined>;
  loading: Ref<boolean>;
  /** reload asks again; what is shown stays until the answer is there. */
  reload: () => Promise<void>;
}

/**
 * useResource loads with fetcher now and whenever a dependency changes. A newer
 * request aborts an older one, so answers never arrive in the wrong order. A
 * changed dependency clears what is shown; a reload keeps it.
 */
export function useResource<T>(fetcher: (signal: AbortSignal) => Promise<T>, deps: WatchSource[] = []): Resource<T> {
  const data = shallowRef<T>();
  const error = shallowRef<ApiError>();
  const loading = ref(false);
  let running: AbortController | undefined;

  async function reload(): Promise<void> {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    loading.value = true;
    try {
      const value = await fetcher(mine.signal);
      if (mine.signal.aborted) return;
      data.value = value;
      error.value = undefined;
    } catch (cause) {
      if (mine.signal.aborted) return;
      error.value = asApiError(cause);
    } finally {
      if (running === mine) loading.value = false;
    }
  }

  watch(deps, () => {
    data.value = undefined;
    error.value = undefined;
    void reload();
  });
  void reload();
  onScopeDispose(() => running?.abort());
  return { data, error, loading, reload };
}
