// The shapes of the states of a row in quarantine.
import type { RowState } from '@/api/types';
import type { Shape, Tone } from '@/components/StateMark.vue';

const MARKS: Record<RowState, { shape: Shape; tone: Tone }> = {
  open: { shape: 'ring', tone: 'yellow' },
  mended: { shape: 'check', tone: 'green' },
  waived: { shape: 'dash', tone: 'quiet' },
  returned: { shape: 'arrow', tone: 'accent' },
};

/** markOf is how a state is drawn. */
export const markOf = (state: RowState): { shape: Shape; tone: Tone } => MARKS[state];
