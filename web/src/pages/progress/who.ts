// The name that somebody states, remembered in this browser and nowhere else.
// Who reports and who approves are kept apart: one person may not be both.
import { ref, watch, type Ref } from 'vue';

const KEY = 'jinyang.progress.';

type Part = 'reporter' | 'approver' | 'keeper'; // the keeper answers alerts

/** useWho is the name last stated in a part. */
export function useWho(part: Part): Ref<string> {
  const name = ref(read(part));
  watch(name, (value) => keep(part, value.trim()));
  return name;
}

function read(part: string): string {
  try {
    return localStorage.getItem(KEY + part) ?? '';
  } catch {
    return ''; // a browser that keeps nothing
  }
}

function keep(part: string, value: string): void {
  try {
    localStorage.setItem(KEY + part, value);
  } catch {
    // a browser that keeps nothing: the name is asked for again
  }
}
