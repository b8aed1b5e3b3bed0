// The board as rows for a spreadsheet.
import type { TargetStatus, Text } from '@/api/types';
import { promised } from '@/board/promise';

/** Words is what the export needs of the page's language. */
export interface Words {
  t: (key: string) => string;
  text: (value: Text | undefined) => string;
  owner: (v: TargetStatus) => string;
  /** note stands in every row, for example that the data are simulated; rows are cut from their file */
  note: string;
}

const HEAD = ['name', 'target', 'chapter', 'owner', 'state', 'promise', 'actual', 'unit', 'pace', 'lag', 'progress', 'probability', 'forecast', 'low', 'high', 'previous', 'deadline', 'completeTo', 'reason', 'note'];

/** boardRows gives a heading and one row for each target; numbers stay numbers. */
export function boardRows(list: TargetStatus[], w: Words): (string | number | null)[][] {
  const head = HEAD.map((key) => w.t(`board.csv.${key}`));
  const rows = list.map((v) => [
    v.target.name,
    w.text(v.target.title),
    w.text(v.chapter.title),
    w.owner(v),
    w.t(`state.${v.state}`),
    promised(v),
    v.actual,
    w.text(v.unit?.title),
    v.pace,
    v.lag,
    v.progress,
    v.probability,
    v.forecast?.value ?? null,
    v.forecast?.low ?? null,
    v.forecast?.high ?? null,
    v.previous,
    v.deadline,
    v.complete_to,
    w.text(v.reason),
    v.simulated ? w.note : '',
  ]);
  return [head, ...rows];
}
