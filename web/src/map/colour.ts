// Colours of the map: a scale from low to high, and ink that can be read on it.

type Rgb = [number, number, number];

function parse(hex: string): Rgb {
  const n = Number.parseInt(hex.replace('#', ''), 16);
  return [(n >> 16) & 255, (n >> 8) & 255, n & 255];
}

const hex = (rgb: Rgb): string => `#${rgb.map((c) => Math.round(c).toString(16).padStart(2, '0')).join('')}`;

/** mix is the colour at share 0..1 of the way from one colour to another. */
export function mix(from: string, to: string, share: number): string {
  const a = parse(from);
  const b = parse(to);
  const at = (i: 0 | 1 | 2) => a[i] + (b[i] - a[i]) * Math.min(1, Math.max(0, share));
  return hex([at(0), at(1), at(2)]);
}

/** luminance is the relative luminance of WCAG 2.1. */
export function luminance(colour: string): number {
  const [r, g, b] = parse(colour).map((c) => {
    const s = c / 255;
    return s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** contrast is the contrast ratio of WCAG 2.1, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** inkOn is black or white, whichever reads better on a ground; one of the two always reaches 4.58. */
export function inkOn(ground: string): string {
  return contrast(ground, '#000000') >= contrast(ground, '#ffffff') ? '#000000' : '#ffffff';
}

/** Scale turns a value into a colour of the map. */
export interface Scale {
  low: number;
  high: number;
  colour: (value: number | null) => string;
}

/** scaleOf spans the values that are there; without any, everything has the colour of no data. */
export function scaleOf(values: (number | null)[], colours: { low: string; high: string; none: string }): Scale {
  const known = values.filter((v) => v !== null);
  const low = Math.min(...known);
  const high = Math.max(...known);
  return {
    low,
    high,
    colour: (v) => {
      if (v === null) return colours.none;
      return mix(colours.low, colours.high, high > low ? (v - low) / (high - low) : 0.5);
    },
  };
}
