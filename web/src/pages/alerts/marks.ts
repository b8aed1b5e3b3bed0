// How alerts are shown: a shape and words for each severity, state and level,
// and where one reads more of a subject.
import type { RouteLocationRaw } from 'vue-router';
import type { Alert, Level, Severity, Subject } from '@/api/alerts';
import type { Shape, Tone } from '@/components/StateMark.vue';

type Mark = { shape: Shape; tone: Tone };

export const severityMark = (s: Severity): Mark =>
  ({ critical: { shape: 'disc', tone: 'red' }, warning: { shape: 'clock', tone: 'yellow' }, info: { shape: 'ring', tone: 'quiet' } })[s] as Mark;

export const levelMark = (l: Level): Mark =>
  ({ raise: { shape: 'disc', tone: 'red' }, hold: { shape: 'dash', tone: 'yellow' }, clear: { shape: 'check', tone: 'green' }, unknown: { shape: 'ring', tone: 'quiet' } })[l] as Mark;

/** Shown is the state of an alert as people see it: a silence hides that it fires. */
export type Shown = 'firing' | 'acknowledged' | 'recovered' | 'silenced';

export const shownState = (a: Alert): Shown => (a.silence && a.state === 'firing' ? 'silenced' : a.state);

export const stateMark = (s: Shown): Mark =>
  ({ firing: { shape: 'arrow', tone: 'red' }, acknowledged: { shape: 'check', tone: 'accent' }, recovered: { shape: 'check', tone: 'green' }, silenced: { shape: 'pause', tone: 'quiet' } })[s] as Mark;

/** subjectRoute is the page about a subject. */
export function subjectRoute(s: Subject): RouteLocationRaw {
  switch (s.kind) {
    case 'target':
      return { name: 'target', params: { name: s.name } };
    case 'indicator':
      return { name: 'indicator', params: { name: s.name } };
    case 'delivery':
      return { name: 'delivery', params: { id: s.name } };
    case 'quarantine':
      return { path: '/quarantine', query: { dataset: s.name } };
    case 'report':
      return { path: '/progress' };
    case 'dataset':
      return { path: '/data', query: { dataset: s.name } };
  }
}

/** sentMark is how the sending of a message stands. */
export const sentMark = (s: 'queued' | 'sent' | 'failed'): Mark =>
  ({ queued: { shape: 'clock', tone: 'yellow' }, sent: { shape: 'check', tone: 'green' }, failed: { shape: 'cross', tone: 'red' } })[s] as Mark;

/** endOf is the moment so many hours from now, as the server takes it. */
export const endOf = (hours: number, now: Date): string => new Date(now.getTime() + hours * 3_600_000).toISOString();
