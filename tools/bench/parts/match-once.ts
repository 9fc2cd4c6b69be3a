/**
 * Matches the packages of a file once and then nine times more, in a process of its own, as a scan does it:
 *   node match-once.ts DATA-DIRECTORY PACKAGES.json [OSV ecosystem...]
 * With names of ecosystems the packages say themselves where they are looked up (test/support/advisory-questions.ts).
 * Prints milliseconds as JSON; the processor time is that of the matching thread.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AdvisoryService } from '../../../src/advisories/index.ts';
import { ecosystems, type InstalledPackage } from '../../../src/ecosystems/index.ts';
import { systemClock } from '../../../src/kernel/index.ts';
import { root } from '../../../test/arch/source-tree.ts';
import { askingWorlds } from '../../../test/support/advisory-questions.ts';

const [directory = '', file = '', ...names] = process.argv.slice(2);
const worlds = names.length > 0 ? askingWorlds(names) : ecosystems;
const packages = JSON.parse(await readFile(file, 'utf8')) as InstalledPackage[];
const bundled = join(root, 'data', 'advisories');
const http = { get: () => Promise.reject(new Error('no network')) };
const service = new AdvisoryService({ directory, bundled, ecosystems: worlds, http, clock: systemClock });
const os = { id: 'debian', versionId: '12', codename: null, prettyName: null, path: 'etc/os-release' };

const begun = performance.now();
using index = await service.open();
const opened = performance.now();
const cpuBefore = process.threadCpuUsage();
const { matches } = index.match(packages, os);
const first = performance.now() - opened;
const cpu = process.threadCpuUsage(cpuBefore);
const firstCpu = (cpu.user + cpu.system) / 1_000;
const again = Array.from({ length: 9 }, () => {
  const started = performance.now();
  index.match(packages, os);
  return performance.now() - started;
}).sort((a, b) => a - b);
console.log(JSON.stringify({ open: opened - begun, first, firstCpu, again: again[4], matches: matches.length }));
