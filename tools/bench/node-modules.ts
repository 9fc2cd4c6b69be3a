/**
 * A layer with a `node_modules` of 100,000 files: reading it once and finding its packages, against the least that any
 * scanner must do (unpack and list the archive, in Python). Run once more with every third file a manifest.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../../test/arch/source-tree.ts';
import { findProgram } from '../../test/support/system.ts';
import { tar } from '../../test/support/test-image.ts';
import { measure, report } from './measure.ts';

const files = 100_000;
const python = findProgram('python3');
const scratch = await mkdtemp(join(tmpdir(), 'drydock-bench-'));
try {
  for (const each of [15, 3]) {
    const bytes = layerOf(each);
    const file = join(scratch, 'layer.tar.gz');
    await writeFile(file, gzipSync(bytes));
    const part = join(root, 'tools/bench/parts/find-packages.ts');
    const runs = [];
    for (let run = 0; run < 3; run++) {
      const { stdout, peakMiB } = await measure(process.execPath, [part, file]);
      runs.push({ ...(JSON.parse(stdout) as { seconds: number; cpu: number; packages: number }), peakMiB });
    }
    const middle = runs.toSorted((a, b) => a.seconds - b.seconds)[1];
    if (middle === undefined) continue;
    console.log(`${files} files, ${Math.round(bytes.length / 2 ** 20)} MiB, ${middle.packages} packages`);
    const { seconds: ours, peakMiB } = middle;
    report({ name: '  walk and coalesce', ours, unit: 's', target: 3, peakMiB });
    report({ name: '  of that, processor time with unpacking', ours: middle.cpu, unit: 's' });
    if (python === undefined) continue;
    const list = 'import sys,tarfile\nprint(len(tarfile.open(sys.argv[1]).getnames()))';
    const reference = (await measure(python, ['-c', list, file])).seconds;
    report({ name: '  listing', ours, reference, referenceName: 'python3 tarfile', unit: 's' });
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}

/** Packages of `each` files, one of which is a manifest of 1.5 KiB; the others are as large as real modules are. */
function layerOf(each: number): Buffer {
  const members: Record<string, string> = {};
  for (let i = 0, count = 0; count < files; i++) {
    const directory = `app/node_modules/${i % 5 === 0 ? `@scope${i % 7}/` : ''}package-${i}`;
    members[`${directory}/package.json`] = manifest(i);
    for (let j = 1; j < each; j++)
      members[`${directory}/lib/module-${j}.js`] = `exports.a = ${j};\n`.repeat(30 + ((i * 7 + j * 13) % 240));
    count += each;
  }
  return tar(members);
}

function manifest(i: number): string {
  const dependencies = Object.fromEntries(Array.from({ length: 20 }, (_, j) => [`dependency-${i + j}`, `^${j}.0.0`]));
  const scripts = { test: 'node --test', build: 'tsc -p .', lint: 'eslint .' };
  const more = { description: 'x'.repeat(200), keywords: Array.from({ length: 20 }, (_, j) => `keyword ${j}`) };
  return JSON.stringify(
    { name: `package-${i}`, version: `1.${i % 50}.${i % 9}`, ...more, scripts, dependencies },
    null,
    2,
  );
}
