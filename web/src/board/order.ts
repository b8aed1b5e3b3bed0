// Orders and filters of the target board. Pure, so that they are tested alone.
import type { Light, State, TargetStatus, Text } from '@/api/types';

/** The states in the order of a reader's worry, the order of the stacked bar reversed. */
export const STATES: readonly State[] = ['met', 'on_pace', 'at_risk', 'will_miss', 'missed', 'no_data'];

const LIGHT_OF: Record<State, Light> = {
  met: 'green',
  on_pace: 'green',
  at_risk: 'yellow',
  will_miss: 'red',
  missed: 'red',
  no_data: 'none',
};

/** lightOf is the light under which a state is counted. */
export const lightOf = (state: State): Light => LIGHT_OF[state];

const RISK: Record<State, number> = { missed: 0, will_miss: 1, at_risk: 2, on_pace: 3, met: 4, no_data: 5 };

/** byRisk puts what needs action first, and within a state what is least likely to be kept, then what lags most. */
export function byRisk(a: TargetStatus, b: TargetStatus): number {
  return RISK[a.state] - RISK[b.state] || (a.probability ?? 2) - (b.probability ?? 2) || (b.lag ?? -Infinity) - (a.lag ?? -Infinity) || byName(a, b);
}

function byName(a: TargetStatus, b: TargetStatus): number {
  return a.target.name.localeCompare(b.target.name);
}

/** Group is a chapter and its targets. */
export interface Group {
  name: string;
  title: Text;
  targets: TargetStatus[];
}

/** Chapters is what a grouping needs of a plan. */
export interface Chapters {
  name: string;
  title: Text;
  chapters: { name: string; title: Text }[];
}

/** byChapter groups in the plans' order of chapters, each under its plan where there are several; the order within a chapter is kept. */
export function byChapter(targets: TargetStatus[], plans: Chapters[]): Group[] {
  const key = (plan: string, chapter: string): string => `${plan}/${chapter}`;
  const under = (plan: Text, chapter: Text): Text => (plans.length > 1 ? { zh: `${plan.zh} · ${chapter.zh}`, en: `${plan.en} · ${chapter.en}` } : chapter);
  const groups = new Map<string, Group>(plans.flatMap((p) => p.chapters.map((c) => [key(p.name, c.name), { name: key(p.name, c.name), title: under(p.title, c.title), targets: [] }])));
  for (const t of targets) {
    const at = key(t.plan, t.chapter.name);
    const known = groups.get(at) ?? { ...t.chapter, name: at, targets: [] };
    known.targets.push(t);
    groups.set(at, known);
  }
  return [...groups.values()].filter((g) => g.targets.length > 0);
}

/** Filter narrows the board; an empty member does not narrow. */
export interface Filter {
  light: Light | '';
  owner: string;
  chapter: string;
  text: string;
}

/** matches tests a target against a filter; text is looked for in both languages and in the name. */
export function matches(t: TargetStatus, f: Filter): boolean {
  if (f.light && t.light !== f.light) return false;
  if (f.owner && t.owner.name !== f.owner) return false;
  if (f.chapter && t.chapter.name !== f.chapter) return false;
  return contains([t.target.title.zh, t.target.title.en, t.target.name, t.owner.title.zh, t.owner.title.en], f.text);
}

/** contains looks for every word of the text in the given strings, without regard to case. */
export function contains(strings: string[], text: string): boolean {
  const hay = strings.join('\n').toLowerCase();
  return text.toLowerCase().split(/\s+/).every((word) => hay.includes(word));
}

/** SortKey names a column that the board can be sorted by. */
export type SortKey = 'chapter' | 'risk' | 'title' | 'actual' | 'progress' | 'probability' | 'lag' | 'deadline';

/** compare orders two targets by a column; targets without a value come last in both directions. */
export function compare(key: SortKey, ascending: boolean, lang: 'zh' | 'en') {
  return (a: TargetStatus, b: TargetStatus): number => {
    if (key === 'risk') return ascending ? byRisk(a, b) : byRisk(b, a);
    const x = sortValue(a, key, lang);
    const y = sortValue(b, key, lang);
    if (x === null || y === null) return Number(x === null) - Number(y === null) || byName(a, b);
    const order = typeof x === 'string' ? x.localeCompare(String(y), lang) : x - Number(y);
    return (ascending ? order : -order) || byName(a, b);
  };
}

function sortValue(t: TargetStatus, key: SortKey, lang: 'zh' | 'en'): number | string | null {
  switch (key) {
    case 'title':
      return t.target.title[lang];
    case 'deadline':
      return t.deadline || null;
    case 'actual':
    case 'progress':
    case 'probability':
    case 'lag':
      return t[key];
    default:
      return t.chapter.name;
  }
}
