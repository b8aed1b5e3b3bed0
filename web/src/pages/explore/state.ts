// The question in the address and the answer to it. The old answer stays until
// the new one is there, with the question that it answers.
import { computed, ref, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { type ApiError, asApiError } from '@/api/errors';
import { explore, getView } from '@/api/explore';
import type { ExploreAnswer, View } from '@/api/exploretypes';
import { questionOf, questionOfView, queryOf, requestOf, type Question } from '@/explore/question';
import { useResource } from '@/state/resource';

/** Asked is an answer and the question that it answers. */
export interface Asked {
  question: Question;
  answer: ExploreAnswer;
}

export interface Explorer {
  question: ComputedRef<Question>;
  /** change goes to another question; the browser's history leads back */
  change: (q: Question) => void;
  asked: ShallowRef<Asked | null | undefined>;
  error: ShallowRef<ApiError | undefined>;
  loading: Ref<boolean>;
  reload: () => Promise<void>;
  /** the saved view that the question began as */
  view: Ref<View | undefined>;
}

/** useExplorer reads the question from the address and asks it. */
export function useExplorer(): Explorer {
  const route = useRoute();
  const router = useRouter();
  // Leaving the page changes the query once more; the question then stands still.
  const question = computed<Question>((old) => (route.path === '/explore' || !old ? questionOf(route.query) : old));
  const request = computed(() => requestOf(question.value));

  const answer = useResource<Asked | null>(async (signal) => {
    const asking = question.value;
    if (asking.measures.length === 0) return null;
    return { question: asking, answer: await explore(request.value, signal) };
  });
  watch(() => JSON.stringify(request.value), () => void answer.reload());

  const change = (q: Question): void => void router.push({ query: queryOf(q) });
  const opened = useView(question, (v) => void router.replace({ query: queryOf(questionOfView(v)) }));
  const error = computed(() => opened.error.value ?? answer.error.value);
  return { question, change, asked: answer.data, error, loading: answer.loading, reload: answer.reload, view: opened.view };
}

/** useView loads the view that the address names; an address that holds nothing else becomes its question. */
function useView(question: ComputedRef<Question>, open: (v: View) => void) {
  const view = ref<View>();
  const error = ref<ApiError>();
  watch(() => question.value.view, async (id) => {
    error.value = undefined;
    if (!id) return void (view.value = undefined);
    if (view.value?.id === id) return;
    try {
      const found = await getView(id);
      if (question.value.view !== id) return;
      view.value = found;
    } catch (cause) {
      error.value = asApiError(cause);
    }
  }, { immediate: true });
  watch([view, question], ([v, q]) => {
    if (v && q.view === v.id && q.measures.length === 0) open(v);
  });
  return { view, error };
}
