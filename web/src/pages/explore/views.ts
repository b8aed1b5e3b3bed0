// Saved views: the list, and what may be done with one. What was just deleted
// can be had back.
import { ref } from 'vue';
import { createView, deleteView, getViews, restoreView, updateView } from '@/api/explore';
import type { View, ViewDraft } from '@/api/exploretypes';
import { useAction } from '@/state/action';
import { useResource } from '@/state/resource';

export function useViews() {
  const list = useResource(getViews);
  const action = useAction();
  const deleted = ref<View>();

  /** act does something, after which the list is read anew. */
  const act = <T>(what: () => Promise<T>): Promise<T | undefined> =>
    action.act(async () => {
      const out = await what();
      await list.reload();
      return out;
    });
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
  return { list, busy: action.busy, error: action.error, deleted, create, update, remove, restore };
}
