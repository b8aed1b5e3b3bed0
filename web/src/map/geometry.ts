// Plane geometry of the district shapes: bounds, a projection for the plain
// map, and the point where a label sits best.
import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson';

export type Shape = Feature<Polygon | MultiPolygon, { adcode: string; name: string }>;
export type Shapes = FeatureCollection<Polygon | MultiPolygon, { adcode: string; name: string }>;
export type Bounds = [west: number, south: number, east: number, north: number];
export type Xy = [x: number, y: number];

/** rings lists all rings of a shape, outer and inner. */
export function rings(shape: Shape): Position[][] {
  const g = shape.geometry;
  return g.type === 'Polygon' ? g.coordinates : g.coordinates.flat();
}

export function boundsOf(shapes: Shape[]): Bounds {
  const b: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon = 0, lat = 0] of shapes.flatMap((s) => rings(s).flat())) {
    b[0] = Math.min(b[0], lon);
    b[1] = Math.min(b[1], lat);
    b[2] = Math.max(b[2], lon);
    b[3] = Math.max(b[3], lat);
  }
  return b;
}

/** mercator is the y of a latitude in Web Mercator, in degrees of longitude. */
function mercator(lat: number): number {
  return (Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) * 180) / Math.PI;
}

/** projection fits bounds into a box with a margin, as MapLibre does. */
export function projection([west, south, east, north]: Bounds, width: number, height: number, margin: Margin): (p: Position) => Xy {
  const top = mercator(north);
  const innerWidth = width - margin.left - margin.right;
  const innerHeight = height - margin.top - margin.bottom;
  const scale = Math.max(0, Math.min(innerWidth / (east - west), innerHeight / (top - mercator(south))));
  const dx = margin.left + (innerWidth - (east - west) * scale) / 2;
  const dy = margin.top + (innerHeight - (top - mercator(south)) * scale) / 2;
  return ([lon = 0, lat = 0]) => [dx + (lon - west) * scale, dy + (top - mercator(lat)) * scale];
}

export interface Margin {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

/** path is the SVG path of a shape under a projection. */
export function path(shape: Shape, project: (p: Position) => Xy): string {
  const point = (p: Position) => project(p).map((v) => v.toFixed(1)).join(' ');
  return rings(shape).map((ring) => `M${ring.map(point).join('L')}Z`).join('');
}

function distanceToRing([x, y]: Xy, ring: Position[]): number {
  let best = Infinity;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax = 0, ay = 0] = ring[i] ?? [];
    const [bx = 0, by = 0] = ring[j] ?? [];
    const length = (bx - ax) ** 2 + (by - ay) ** 2;
    const t = length ? Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) : 0;
    best = Math.min(best, Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)));
  }
  return best;
}

/** inside tests by the even-odd rule. */
export function inside([x, y]: Xy, ring: Position[]): boolean {
  let odd = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax = 0, ay = 0] = ring[i] ?? [];
    const [bx = 0, by = 0] = ring[j] ?? [];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
  }
  return odd;
}

const GRID = 24; // candidates per side; fine enough for a label of a few characters

/** STRETCH is how much wider than high a label is, about. */
export const STRETCH = 1.7;

/** Spot is a place for a label: at is its middle, room the radius that is free around it, once x is divided by STRETCH. */
export interface Spot {
  at: Xy;
  room: number;
}

/** spot is the place in a shape where a label has most room, in the units of the project function. */
export function spot(shape: Shape, project: (p: Position) => Xy): Spot {
  const squeezed = rings(shape).map((ring) => ring.map((p) => squeeze(project(p))));
  const outer = squeezed.reduce((a, b) => (b.length > a.length ? b : a));
  const xs = outer.map((p) => p[0]);
  const ys = outer.map((p) => p[1]);
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  let best: Xy = [(west + east) / 2, (south + north) / 2];
  let room = 0;
  for (let i = 1; i < GRID; i++) {
    for (let j = 1; j < GRID; j++) {
      const p: Xy = [west + ((east - west) * i) / GRID, south + ((north - south) * j) / GRID];
      if (!inside(p, outer)) continue;
      const d = distanceToRing(p, outer);
      if (d > room) [best, room] = [p, d];
    }
  }
  return { at: [best[0] * STRETCH, best[1]], room };
}

const squeeze = ([x, y]: Xy): Xy => [x / STRETCH, y];

/** flat is the projection of the whole city in degrees, y growing to the south. */
export const flat = ([lon = 0, lat = 0]: Position): Xy => [lon, -mercator(lat)];

/** unflat gives back the position of a point of flat. */
export function unflat([x, y]: Xy): [lon: number, lat: number] {
  return [x, (Math.atan(Math.exp((-y * Math.PI) / 180)) * 360) / Math.PI - 90];
}
