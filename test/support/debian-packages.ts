import { dpkgCataloger } from '../../src/ecosystems/dpkg/catalog.ts';
import type { InstalledPackage, OsRelease } from '../../src/ecosystems/index.ts';
import { applicationPackages, debianRootfs } from './debian-image.ts';
import type { DebianMirror } from './debian-mirror.ts';
import { factLayers } from './fact-layers.ts';
import { mustRun } from './run.ts';

/** What is installed in a real system. */
export interface DebianSystem {
  readonly os: OsRelease;
  readonly packages: readonly InstalledPackage[];
}

/** The packages of a real application image of a Debian release, without the distribution's later fixes. */
export async function applicationSystem(
  mirror: DebianMirror,
  release: '11' | '12',
  codename: 'bullseye' | 'bookworm',
): Promise<DebianSystem> {
  const rootfs = await debianRootfs(mirror, codename, applicationPackages);
  const path = 'var/lib/dpkg/status';
  const { stdout } = await mustRun('tar', ['--extract', '--to-stdout', '--file', rootfs, `./${path}`]);
  const os = { id: 'debian', versionId: release, codename, prettyName: null, path: 'etc/os-release' };
  const { layers, view } = await factLayers(() => dpkgCataloger.analysis.visitor(), [{ [path]: Buffer.from(stdout) }]);
  return { os, packages: dpkgCataloger.coalesce({ layers, view, os }).packages };
}
