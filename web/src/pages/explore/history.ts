// Undo and redo are the browser's history, as far as it holds questions.
import { onBeforeUnmount, onMounted, ref } from 'vue';
import { useRouter } from 'vue-router';

interface Position {
  back?: string | null;
  forward?: string | null;
}

const isQuestion = (path: string | null | undefined): boolean => /^\/explore($|\?)/.test(path ?? '');

/** useUndo says whether there is a question to go back or forward to, and listens to Ctrl+Z and Ctrl+Shift+Z. */
export function useUndo() {
  const router = useRouter();
  const undoable = ref(false);
  const redoable = ref(false);

  function look(): void {
    const at = (window.history.state ?? {}) as Position;
    undoable.value = isQuestion(at.back);
    redoable.value = isQuestion(at.forward);
  }
  const undo = (): void => void (undoable.value && router.back());
  const redo = (): void => void (redoable.value && router.forward());

  function key(e: KeyboardEvent): void {
    const typing = e.target instanceof HTMLElement && e.target.closest('input:not([type="checkbox"]), textarea, select');
    if (typing || e.key.toLowerCase() !== 'z' || !(e.ctrlKey || e.metaKey) || document.querySelector('dialog[open]')) return;
    e.preventDefault();
    (e.shiftKey ? redo : undo)();
  }
  const stop = router.afterEach(look);
  onMounted(() => {
    look();
    window.addEventListener('keydown', key);
  });
  onBeforeUnmount(() => {
    stop();
    window.removeEventListener('keydown', key);
  });
  return { undoable, redoable, undo, redo };
}
