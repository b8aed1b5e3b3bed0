// Empties internal/console/dist but for .gitkeep, which lets the Go package
// compile on a checkout where the console has not been built.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIST = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'internal', 'console', 'dist');

await mkdir(DIST, { recursive: true });
for (const name of await readdir(DIST)) {
  if (name !== '.gitkeep') await rm(join(DIST, name), { recursive: true });
}
await writeFile(join(DIST, '.gitkeep'), '');
