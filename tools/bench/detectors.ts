/**
 * Scanning one image (an application system as an OCI layout) with the program itself for vulnerabilities alone, with the
 * baseline, and with everything; nothing is remembered of an earlier run. Ratios are to the scan for vulnerabilities.
 * `detectors.ts <n>` makes n runs of each instead of 3.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../test/arch/source-tree.ts';
import { applicationPackages, debianRootfs, ociLayout } from '../../test/support/debian-image.ts';
import { debianMirror } from '../../test/support/debian-mirror.ts';
import { findProgram } from '../../test/support/system.ts';
import { type Measured, measure, median, report } from './measure.ts';

/** Words after `--scanners`, the most wall time and the most memory that they may take. */
const asked = [
  { scanners: 'vuln', targetMiB: 250 },
  { scanners: 'vuln,baseline', target: 1.1 },
  { scanners: 'vuln,secret' },
  { scanners: 'vuln,malware' },
  { scanners: 'all', target: 2.5 },
] as const;

const runs = Number(process.argv[2] ?? 3);
const mirror = debianMirror();
if (mirror === undefined || findProgram('mmdebstrap') === undefined) {
  console.log('skipped: needs a Debian mirror (DRYDOCK_DEBIAN_MIRROR) and mmdebstrap');
  process.exit(0);
}

const scratch = await mkdtemp(join(tmpdir(), 'drydock-bench-'));
try {
  const layout = join(scratch, 'image');
  await ociLayout(layout, 'v1', [await debianRootfs(mirror, 'bookworm', applicationPackages)]);
  // Compiled sources are kept between runs; making them for the first time is not what is measured here.
  await scan(layout, 'all', 'first');
  const all = asked.map((): Measured[] => []);
  // In turns, so that what else the machine does meets all of them.
  for (let run = 0; run < runs; run++) {
    for (const [index, { scanners }] of asked.entries()) {
      all[index]?.push(await scan(layout, scanners, `${index}-${run}`));
    }
    console.log(`load after round ${run + 1}: ${loadavg()[0]?.toFixed(1)}`);
  }
  const middle = await Promise.all(all.map((own) => median(own.length, async (run) => own[run] as Measured)));
  const [base] = middle;
  for (const [index, { scanners, ...targets }] of asked.entries()) {
    const own = middle[index];
    if (own === undefined || base === undefined) continue;
    const { target, ...memory } = { target: undefined, ...targets };
    const common = { unit: 's', ...(index > 0 && { referenceName: 'vuln' }) };
    const reference = (value: number) => (index > 0 ? { reference: value } : {});
    const wall = { ours: own.seconds, ...reference(base.seconds), ...(target !== undefined && { target }) };
    report({ name: `${scanners}, wall`, ...wall, ...common, peakMiB: own.peakMiB, ...memory });
    report({ name: `${scanners}, CPU`, ours: own.cpuSeconds, ...reference(base.cpuSeconds), ...common });
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}

/** @param data names the folder of what the program keeps: a new one remembers nothing */
async function scan(layout: string, scanners: string, data: string): Promise<Measured> {
  const folder = join(scratch, data);
  const env = { PATH: process.env.PATH, HOME: scratch, DRYDOCK_DATA_DIR: folder };
  const args = ['scan', `oci:${layout}:v1`, '--scanners', scanners, '--quiet', '-o', 'json'];
  const measured = await measure(join(root, 'bin/drydock'), args, { env });
  const { findings, diagnostics } = JSON.parse(measured.stdout) as {
    readonly findings: readonly { readonly kind: string }[];
    readonly diagnostics: readonly { readonly partial?: boolean }[];
  };
  const kinds = Object.entries(Object.groupBy(findings, ({ kind }) => kind));
  const found = kinds.map(([kind, list]) => `${list?.length ?? 0} ${kind}`).join(', ');
  const partial = diagnostics.filter((entry) => entry.partial).length;
  console.log(`${scanners}: ${measured.seconds.toFixed(1)} s; findings: ${found}; ${partial} parts not looked at`);
  await rm(folder, { recursive: true, force: true });
  return measured;
}
