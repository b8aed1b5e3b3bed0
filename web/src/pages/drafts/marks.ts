// How the states of a review look: never by colour alone.
import type { ReviewState } from '@/api/drafts';
import type { Shape, Tone } from '@/components/StateMark.vue';

const MARKS: Record<ReviewState, { shape: Shape; tone: Tone }> = {
  proposed: { shape: 'ring', tone: 'quiet' },
  accepted: { shape: 'check', tone: 'green' },
  rejected: { shape: 'cross', tone: 'red' },
};

export const reviewMark = (state: ReviewState): { shape: Shape; tone: Tone } => MARKS[state];
