// Asking again from time to time, for what no event announces.
import { onScopeDispose } from 'vue';

/** usePolling calls ask every so many milliseconds while the page can be seen. */
export function usePolling(ask: () => void, every: number): void {
  const timer = setInterval(() => {
    if (!document.hidden) ask();
  }, every);
  onScopeDispose(() => clearInterval(timer));
}
