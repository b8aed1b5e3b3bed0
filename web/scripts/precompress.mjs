// Writes a .gz beside every file of the built console that shrinks, so that the
// Go server can hand out compressed bytes without spending time on them.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const DIST = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'internal', 'console', 'dist');
const TEXT = new Set(['.html', '.js', '.mjs', '.css', '.svg', '.json', '.txt']);
const WORTH = 1024; // bytes; below this a second file costs more than it saves

let raw = 0;
let packed = 0;
for (const entry of await readdir(DIST, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !TEXT.has(extname(entry.name))) continue;
  const path = join(entry.parentPath, entry.name);
  const bytes = await readFile(path);
  if (bytes.length < WORTH) continue;
  const gz = gzipSync(bytes, { level: 9 });
  await writeFile(`${path}.gz`, gz);
  raw += bytes.length;
  packed += gz.length;
}
console.log(`precompressed ${Math.round(raw / 1024)} KiB to ${Math.round(packed / 1024)} KiB`);
