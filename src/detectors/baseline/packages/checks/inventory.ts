import type { RiskEvidence } from '../../../contract.ts';
import type { CheckContext } from '../../contract.ts';
import { packageCheck } from '../../define-check.ts';
import { failIf, notApplicable } from '../../outcome.ts';

type Package = CheckContext['packages'][number];

/** Evidence of a package: the file that tells of it. */
export function packageEvidence(context: CheckContext, pkg: Package, excerpt: string): RiskEvidence {
  const [place] = pkg.locations;
  const layer = context.layers.findIndex(({ digest }) => digest === place?.layer);
  return context.evidence({ path: place?.path ?? pkg.purl, layer }, { excerpt });
}

/** Packages that are really in the final file system. */
export function installed({ packages }: CheckContext): readonly Package[] {
  return packages.filter(({ scope }) => scope === undefined || scope === 'installed');
}

/** PK-005 */
export const forbiddenPackage = packageCheck({
  id: 'PK-005',
  item: 'forbidden_package',
  level: 'medium',
  title: { en: 'A package is on the deny-list', zh: '存在被禁止的软件包' },
  description: {
    en: 'The policy forbids a package, or a version of it, that is installed.',
    zh: '镜像中安装了策略禁止的软件包或其特定版本。',
  },
  advice: { en: 'Remove the package or replace it.', zh: '移除或替换该软件包。' },
  evaluate(context) {
    const forbidden = new Set(context.settings.forbiddenPackages);
    if (forbidden.size === 0) return notApplicable('The policy forbids no package.');
    return failIf(
      installed(context)
        .filter(({ name, version }) => forbidden.has(name) || forbidden.has(`${name}@${version}`))
        .map((pkg) => packageEvidence(context, pkg, `${pkg.name} ${pkg.version}`)),
    );
  },
});

const databases = [
  ...['var/lib/dpkg/status', 'var/lib/dpkg/status.d', 'lib/apk/db/installed', 'usr/lib/apk/db/installed'],
  ...['var/lib/rpm', 'usr/lib/sysimage/rpm', 'usr/share/rpm', 'var/lib/rpmmanifest', 'usr/lib/opkg', 'var/lib/opkg'],
  ...['var/lib/pacman/local', 'var/db/pkg', 'var/db/xbps', 'nix/store', 'gnu/store', 'var/lib/chisel'],
];

/** PK-006 */
export const databaseRemoved = packageCheck({
  id: 'PK-006',
  item: 'package_db_removed',
  level: 'medium',
  title: { en: 'The database of packages is missing', zh: '缺少软件包数据库' },
  description: {
    en: 'The image names its distribution and has no database of packages, or has packages and does not say of which distribution: vulnerabilities of the system cannot be found. A gap of the scan, no proof of a clean image.',
    zh: '镜像声明了发行版却没有软件包数据库，或有软件包却未声明发行版：无法发现系统漏洞。这是扫描的盲区，并不表示镜像安全。',
  },
  advice: {
    en: 'Keep the database and /etc/os-release in the image.',
    zh: '在镜像中保留软件包数据库和 /etc/os-release。',
  },
  evaluate(context) {
    const { os, view } = context;
    const system = installed(context).find(({ type }) => ['deb', 'rpm', 'apk', 'opkg'].includes(type));
    const database = databases.find((path) => isFilled(context, path));
    if (os === undefined && system === undefined && database === undefined) {
      return notApplicable('The image has neither an operating system nor packages of one.');
    }
    if (os === undefined) {
      const path = system?.locations[0]?.path ?? database ?? '';
      const layer = view.resolve(path)?.content?.layer ?? 0;
      return failIf([context.evidence({ path, layer }, { excerpt: 'packages of an unknown distribution' })]);
    }
    if (system !== undefined || database !== undefined) return failIf([]);
    const layer = view.resolve(os.path)?.content?.layer ?? 0;
    return failIf([context.evidence({ path: os.path, layer }, { excerpt: `${os.id} without a package database` })]);
  },
});

/** A file with content or a directory that has some. */
function isFilled({ view }: CheckContext, path: string): boolean {
  const entry = view.resolve(path);
  if (entry?.type === 'directory') return view.children(entry.path).length > 0;
  return (entry?.content?.size ?? 0) > 0;
}
