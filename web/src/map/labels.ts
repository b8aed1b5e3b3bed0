// Where the names of the districts stand: inside the shape where they fit, else
// beside the map with a leader line, else as a point that tells on hover. No
// label ever covers another.
import { STRETCH } from './geometry';

/** Label is a name and a value that want to be written at a place. All lengths are pixels. */
export interface Label {
  code: string;
  x: number;
  y: number;
  /** free radius around the place, once x is divided by STRETCH */
  room: number;
  /** size when written in two lines inside the shape */
  width: number;
  height: number;
  /** width when written in one line beside the map */
  lineWidth: number;
}

/** Placed says how a label is written; x and y are its middle, or the left end of its line. */
export interface Placed {
  code: string;
  kind: 'inside' | 'beside' | 'point';
  x: number;
  y: number;
}

const OVERHANG = 1.2; // a label may reach over the edge of its shape by so much
const GAP = 3; // pixels kept between two labels
const LEADER = 34; // pixels between the easternmost place and the labels beside it

/** arrange places all labels in a box of the given width; line is the height of a line of text. */
export function arrange(labels: Label[], width: number, line: number): Placed[] {
  const inside: Label[] = [];
  const rest: Label[] = [];
  for (const label of [...labels].sort((a, b) => b.room - a.room)) {
    const free = fits(label) && !inside.some((other) => overlap(label, other));
    (free ? inside : rest).push(label);
  }
  return [...inside.map(({ code, x, y }): Placed => ({ code, kind: 'inside', x, y })), ...beside(rest, inside, width, line)];
}

/** fits says whether a label's corners lie within the free radius of its place. */
export function fits(label: Label): boolean {
  return Math.hypot(label.width / 2 / STRETCH, label.height / 2) <= label.room * OVERHANG;
}

function overlap(a: Label, b: Label): boolean {
  return Math.abs(a.x - b.x) < (a.width + b.width) / 2 + GAP && Math.abs(a.y - b.y) < (a.height + b.height) / 2 + GAP;
}

/** beside writes labels in a column to the east of their places, from north to south, each as level with its place as the one above lets it. */
function beside(labels: Label[], inside: Label[], width: number, line: number): Placed[] {
  if (labels.length === 0) return [];
  const sorted = [...labels].sort((a, b) => a.y - b.y);
  const east = Math.max(...labels.map((l) => l.x + l.room * STRETCH));
  const x = east + LEADER;
  const widest = Math.max(...labels.map((l) => l.lineWidth));
  if (x + widest > width) return sorted.map(({ code, x, y }) => ({ code, kind: 'point', x, y }));
  const inTheWay = inside
    .filter((o) => o.x + o.width / 2 > x - GAP && o.x - o.width / 2 < x + widest)
    .sort((a, b) => a.y - b.y);
  let above = -Infinity;
  return sorted.map((label) => {
    let y = Math.max(label.y, above + line);
    for (const o of inTheWay) {
      const apart = (o.height + line) / 2 + GAP;
      if (Math.abs(y - o.y) < apart) y = o.y + apart;
    }
    above = y;
    return { code: label.code, kind: 'beside', x, y };
  });
}
