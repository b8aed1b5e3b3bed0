// What waits for someone: data that is late, batches that were sent back, reports
// by hand that are owed or wait for approval, rows that stand in quarantine.
import type { Standing } from '@/api/progress';
import type { Dataset, Day, Receipt } from '@/api/types';
import { lastDueEnd } from '@/format/date';

export type Attention =
  | { kind: 'late'; dataset: Dataset; due: Day }
  | { kind: 'never'; dataset: Dataset }
  | { kind: 'rejected'; dataset: Dataset | undefined; receipt: Receipt }
  | { kind: 'quarantine'; dataset: Dataset }
  | { kind: 'overdue' | 'waiting'; dataset: undefined; reports: number };

/** attention lists what needs a hand, the most pressing first. Receipts are the newest first. */
export function attention(datasets: Dataset[], receipts: Receipt[], standings: Standing[], today: Day): Attention[] {
  const byName = new Map(datasets.map((d) => [d.name, d]));
  const out: Attention[] = standingRejections(receipts).map((receipt) => ({
    kind: 'rejected',
    receipt,
    dataset: byName.get(receipt.dataset),
  }));
  for (const dataset of datasets) {
    const due = lastDueEnd(today, dataset.every);
    if (dataset.complete_to && dataset.complete_to < due) out.push({ kind: 'late', dataset, due });
  }
  out.push(...reports('overdue', standings), ...reports('waiting', standings));
  const held = datasets.filter((d) => d.quarantined > 0).sort((a, b) => b.quarantined - a.quarantined);
  for (const dataset of held) out.push({ kind: 'quarantine', dataset });
  for (const dataset of datasets) if (!dataset.complete_to) out.push({ kind: 'never', dataset });
  return out;
}

/** reports counts the targets whose reporting by hand stands so, in one line. */
function reports(kind: 'overdue' | 'waiting', standings: Standing[]): Attention[] {
  const n = standings.filter((s) => s.state === kind).length;
  return n > 0 ? [{ kind, dataset: undefined, reports: n }] : [];
}

/** standingRejections leaves out rejected batches that were delivered again and committed. */
export function standingRejections(receipts: Receipt[]): Receipt[] {
  const mended = new Set<string>();
  const seen = new Set<string>();
  return receipts.filter((r) => {
    const key = `${r.dataset}\n${r.batch || r.file}`;
    if (r.status === 'committed') mended.add(key);
    if (r.status !== 'rejected' || mended.has(key) || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
