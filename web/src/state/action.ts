// Something that the reader asks for once: it runs, and succeeds or says why not.
import { ref, type Ref } from 'vue';
import { asApiError, type ApiError } from '@/api/errors';

/** Action is what a form shows of what it asked for. */
export interface Action {
  busy: Ref<boolean>;
  error: Ref<ApiError | undefined>;
  /** act forgets the last error and runs the job; undefined when it failed, which error then tells. */
  act: <T>(job: () => Promise<T>) => Promise<T | undefined>;
}

export function useAction(): Action {
  const busy = ref(false);
  const error = ref<ApiError>();
  async function act<T>(job: () => Promise<T>): Promise<T | undefined> {
    busy.value = true;
    error.value = undefined;
    try {
      return await job();
    } catch (cause) {
      error.value = asApiError(cause);
      return undefined;
    } finally {
      busy.value = false;
    }
  }
  return { busy, error, act };
}
