// What the map shows of one district.

export interface District {
  code: string;
  name: string;
  /** the address that a click opens */
  to: string;
  value: number | null;
  /** the value as text, or why there is none */
  display: string;
  /** further lines of the tooltip */
  notes: string[];
}

/** Anchor is where a district's label has most room, in pixels of the map's box. */
export interface Anchor {
  code: string;
  x: number;
  y: number;
  /** free radius, once x is divided by STRETCH */
  room: number;
}
