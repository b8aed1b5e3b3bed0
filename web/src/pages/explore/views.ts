// Saved views: the list, and what may be done with one. What was just deleted
// can be had back.
import { ref } from 'vue';
import { ApiError } from '@/api/errors';
import { createView, deleteView, getViews, restoreView, updateView } from '@/api/explore';
import type { View, ViewDraft } from '@/api/exploretypes';
import { useResource } from '@/state/resource';

export function useViews() {
  const list = useResource(getViews);
  const busy = ref(false);
  const error = ref<ApiError>();
  const deleted = ref<View>();

  /** act does one thing at a time; undefined when it failed, which error then tells. */
  async function act<T>(what: () => Promise<T>): Promise<T | undefined> {
    busy.value = true;
    error.value = undefined;
    try {
      const out = await what();
      await list.reload();
      return out;
    } catch (cause) {
      error.value = cause instanceof ApiError ? cause : new ApiError('', 0, '', String(cause));
      return undefined;
    } finally {
      busy.value = false;
    }
  }
  const create = (v: ViewDraft) => act(() => createView(v));
  const update = (of: View, v: ViewDraft) => act(() => updateView(of.id, { ...v, version: of.version }));
  const remove = (v: View) => act(async () => {
    await deleteView(v);
    deleted.value = v;
  });
  const restore = (v: View) => act(async () => {
    await restoreView(v.id);
    deleted.value = undefined;
  });
  return { list, busy, error, deleted, create, update, remove, restore };
}
