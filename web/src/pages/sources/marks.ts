// The shapes of the states of a source, and what it may be told in each.
import type { Order } from '@/api/sources';
import type { SourceState } from '@/api/types';
import type { Shape, Tone } from '@/components/StateMark.vue';

const MARKS: Record<SourceState, { shape: Shape; tone: Tone }> = {
  idle: { shape: 'check', tone: 'green' },
  running: { shape: 'disc', tone: 'accent' },
  waiting: { shape: 'clock', tone: 'yellow' },
  failed: { shape: 'cross', tone: 'red' },
  paused: { shape: 'pause', tone: 'quiet' },
  stopped: { shape: 'ring', tone: 'quiet' },
};

/** markOf is how a state is drawn; one that a newer server knows is a ring. */
export const markOf = (state: SourceState): { shape: Shape; tone: Tone } => MARKS[state] ?? MARKS.stopped;

/** ordersFor lists what a source in a state may be told. */
export function ordersFor(state: SourceState): Order[] {
  switch (state) {
    case 'paused':
      return ['resume'];
    case 'running':
      return ['pause'];
    case 'stopped':
      return [];
    default:
      return ['run', 'pause'];
  }
}
