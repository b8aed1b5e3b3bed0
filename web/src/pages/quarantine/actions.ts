// What may be done with chosen rows: one request per delivery, one outcome for all.
import { ref, type Ref } from 'vue';
import { change, errorFile, type Change } from '@/api/quarantine';
import { type ApiError, asApiError } from '@/api/errors';
import type { HeldRow } from '@/api/types';
import { batchesOf, common } from '@/quarantine/batches';

/** Outcome is what the last action did; it stays until the next. */
export interface Outcome {
  kind: Change | 'mend';
  count: number;
  /** rows that the action can be undone for */
  undo: HeldRow[];
  reason: string;
  /** the files that go back to senders, by delivery */
  files: { delivery: string; file: string; address: string }[];
  /** the deliveries that mended rows came back in */
  deliveries: string[];
}

/** Actions runs one change at a time. */
export interface Actions {
  /** share of the requests that are done, while some run */
  progress: Ref<number | undefined>;
  error: Ref<ApiError | undefined>;
  outcome: Ref<Outcome | undefined>;
  /** run changes rows; false when the server refused some, and error says why */
  run: (kind: Change, rows: HeldRow[], reason: string) => Promise<boolean>;
}

/** The longest reason that the server takes, in characters. */
const LONGEST = 500;

/** Changes that can be undone. */
const UNDOABLE: Change[] = ['waive', 'return'];

export function useActions(done: () => void): Actions {
  const progress = ref<number>();
  const error = ref<ApiError>();
  const outcome = ref<Outcome>();

  async function run(kind: Change, rows: HeldRow[], why: string): Promise<boolean> {
    const reason = why.slice(0, LONGEST);
    const batches = batchesOf(rows);
    const changed: HeldRow[] = [];
    let count = 0;
    progress.value = 0;
    error.value = undefined;
    try {
      for (const [i, b] of batches.entries()) {
        count += await change(kind, b.delivery, b.rows.map((r) => r.row), reason);
        changed.push(...b.rows);
        progress.value = (i + 1) / batches.length;
      }
      return true;
    } catch (cause) {
      error.value = asApiError(cause);
      return false;
    } finally {
      progress.value = undefined;
      if (changed.length > 0) {
        outcome.value = { kind, count, reason, deliveries: [], undo: UNDOABLE.includes(kind) ? changed : [], files: kind === 'return' ? filesOf(changed) : [] };
      }
      done();
    }
  }
  return { progress, error, outcome, run };
}

/** filesOf names the error file of each delivery, narrowed to what the rows have in common. */
function filesOf(rows: HeldRow[]): Outcome['files'] {
  const byDelivery = new Map<string, HeldRow[]>();
  for (const b of batchesOf(rows)) byDelivery.set(b.delivery, [...(byDelivery.get(b.delivery) ?? []), ...b.rows]);
  return [...byDelivery].map(([delivery, own]) => {
    const address = errorFile(delivery, { state: 'returned', code: common(own, 'code'), field: common(own, 'field') });
    return { delivery, file: own[0]?.file || delivery, address };
  });
}
