/**
 * The search for sensitive files on the text of a Debian root file system, in processor time, beside hashing the same bytes
 * in the same process and beside `grep` for the same keywords; peak memory of a process that walks the whole layer.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { secretVisitors } from '../../src/detectors/secrets/engine/visitor.ts';
import { compileRules } from '../../src/detectors/secrets/engine/window-scan.ts';
import type { SecretFacts } from '../../src/detectors/secrets/facts.ts';
import { fileRules } from '../../src/detectors/secrets/files/list.ts';
import { contentRules } from '../../src/detectors/secrets/tokens/list.ts';
import { type LayerVisitor, walkLayer } from '../../src/image/index.ts';
import { applicationPackages, debianRootfs } from '../../test/support/debian-image.ts';
import { debianMirror } from '../../test/support/debian-mirror.ts';
import { findProgram } from '../../test/support/system.ts';
import { tarImage } from '../../test/support/tar-image.ts';
import { measure, report } from './measure.ts';

const rules = contentRules.filter(({ key }) => key !== 'generic_api_key' && key !== 'url_credentials');
const compiled = compileRules(rules);
const visitor = secretVisitors({ ...{ id: 'bench', version: 1, key: Buffer.from('key') }, compiled, fileRules });
const entry = (path: string, size: number) =>
  ({ path, type: 'file', mode: 0o644, uid: 0, gid: 0, size, mtime: 0 }) as const;
const { signal } = new AbortController();

async function walk(file: string, with_: LayerVisitor<unknown>): Promise<void> {
  const [layer] = (await tarImage([file])).layers;
  if (layer !== undefined) await walkLayer(layer, [with_], { signal });
}

if (process.argv[2] === '--walk') {
  await walk(process.argv[3] ?? '', visitor());
  process.exit(0);
}

const mirror = debianMirror();
if (mirror === undefined || findProgram('mmdebstrap') === undefined) {
  console.log('skipped: needs a Debian mirror (DRYDOCK_DEBIAN_MIRROR) and mmdebstrap');
  process.exit(0);
}
const rootfs = process.env.DRYDOCK_BENCH_ROOTFS ?? (await debianRootfs(mirror, 'bookworm', applicationPackages));

/** All files without a NUL in their first 8 KiB. */
const texts: { path: string; bytes: Buffer }[] = [];
await walk(rootfs, {
  ...{ id: 'texts', version: 1 },
  wants: ({ type, size }) => (type === 'file' && size > 0 ? 'whole' : 'skip'),
  file({ path }, content) {
    if (content.kind !== 'bytes' || content.bytes.subarray(0, 8192).includes(0)) return;
    texts.push({ path, bytes: Buffer.from(content.bytes) });
  },
  finish: () => undefined,
});
const megabytes = texts.reduce((sum, { bytes }) => sum + bytes.length, 0) / 1e6;
console.log(
  `${texts.length} text files, ${megabytes.toFixed(1)} MB, ${rules.length} rules for text, ${fileRules.length} for files`,
);

/** The best of five: other work on the machine only ever adds. */
function cpuSeconds(work: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  });
  return Math.min(...times);
}

let found = 0;
const ours = cpuSeconds(() => {
  const fresh = visitor();
  for (const { path, bytes } of texts) {
    const sink = fresh.sink?.(entry(path, bytes.length));
    sink?.chunk(bytes);
    sink?.end();
  }
  found = (fresh.finish() as SecretFacts).found.length;
});
const keywordsOnly = cpuSeconds(() => {
  for (const { bytes } of texts) compiled.filter.search(bytes, 0, bytes.length, bytes.length, () => true);
});
const hashing = cpuSeconds(() => {
  for (const { bytes } of texts) createHash('sha256').update(bytes).digest();
});
report({
  name: `search (${found} findings)`,
  ours,
  reference: hashing,
  referenceName: 'sha256 of the same bytes',
  unit: 's',
});
console.log(
  `  ${(megabytes / ours).toFixed(0)} MB a second of processor time (target ≥ 45), keywords alone ${(megabytes / keywordsOnly).toFixed(0)}`,
);

const folder = mkdtempSync(join(tmpdir(), 'drydock-bench-'));
try {
  const [words, corpus] = [join(folder, 'words'), join(folder, 'corpus')];
  writeFileSync(words, `${[...new Set(rules.flatMap(({ keywords }) => keywords))].join('\n')}\n`);
  writeFileSync(corpus, Buffer.concat(texts.map(({ bytes }) => bytes)));
  const grep = findProgram('grep');
  if (grep !== undefined) {
    const env = { ...process.env, LC_ALL: 'C' };
    const { cpuSeconds: reference } = await measure(grep, ['-a', '-c', '-i', '-F', '-f', words, corpus], {
      env,
      accept: [0, 1],
    });
    report({ name: 'search', ours, reference, referenceName: 'grep for the keywords alone', unit: 's' });
  }
  const walked = await measure(process.execPath, [fileURLToPath(import.meta.url), '--walk', rootfs]);
  report({
    name: 'walk of the layer with the search',
    ours: walked.cpuSeconds,
    unit: 's',
    peakMiB: walked.peakMiB,
    targetMiB: 300,
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
