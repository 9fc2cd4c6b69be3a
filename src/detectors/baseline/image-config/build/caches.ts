import type { ViewEntry } from '../../../../image/index.ts';
import type { RiskEvidence } from '../../../contract.ts';
import type { CheckContext } from '../../contract.ts';
import { instructionCheck } from '../../define-check.ts';
import { failIf } from '../../outcome.ts';
import { instructionEvidence } from '../finding.ts';
import { scriptsOf } from '../history/history.ts';
import { packageCommand } from './package-managers.ts';

/** Key of the cloud for what apk leaves behind. */
const apkItem = 'apk';
const apkCache = 'var/cache/apk';

/** Directories of caches; everything in them counts. */
const systemCaches = [
  ...[apkCache, 'var/cache/yum', 'var/cache/dnf', 'var/cache/libdnf5', 'var/cache/zypp'],
  'usr/local/share/.cache/yarn',
];
/** The same in the home of a user. */
const homeCaches = ['.cache/pip', '.npm/_cacache', '.cache/yarn'];
const aptLists = 'var/lib/apt/lists';

/** IC-014 */
export const packageCache = instructionCheck({
  id: 'IC-014',
  item: 'package_cache',
  otherItems: [apkItem],
  level: 'low',
  title: { en: 'Caches of package managers are left in the image', zh: '镜像中残留包管理器缓存' },
  description: {
    en: 'Indexes or downloads of apk, apt, yum, dnf, zypper, pip, npm or Yarn lie in the image: bytes that nobody needs, and old indexes that later builds may trust.',
    zh: '镜像中残留 apk、apt、yum、dnf、zypper、pip、npm 或 Yarn 的索引或下载文件：既浪费空间，过期索引也可能被后续构建使用。',
  },
  advice: {
    en: 'Clean up in the RUN that installs (apk add --no-cache, rm -rf /var/lib/apt/lists/*, pip install --no-cache-dir).',
    zh: '在执行安装的同一条 RUN 中清理（apk add --no-cache、rm -rf /var/lib/apt/lists/*、pip install --no-cache-dir）。',
  },
  evaluate(context) {
    const caches = cachesOf(context);
    const evidence = [...caches].map(([directory, cache]) => toEvidence(context, directory, cache));
    if (!caches.has(apkCache)) return failIf(evidence);
    return failIf([...evidence, ...apkHints(context)], { item: apkItem });
  },
});

interface Cache {
  readonly layer: number;
  files: number;
  bytes: number;
}

/** Caches with bytes in them, by directory. */
function cachesOf({ view }: CheckContext): ReadonlyMap<string, Cache> {
  const found = new Map<string, Cache>();
  for (const entry of view.entries()) {
    if (entry.content === undefined || entry.content.size === 0) continue;
    const directory = cacheOf(entry);
    if (directory === undefined) continue;
    const cache = found.get(directory) ?? { layer: entry.content.layer, files: 0, bytes: 0 };
    cache.files++;
    cache.bytes += entry.content.size;
    found.set(directory, cache);
  }
  return found;
}

/** The cache that a file lies in. */
function cacheOf({ path }: ViewEntry): string | undefined {
  if (path.startsWith(`${aptLists}/`)) return /_Packages(?:\.[a-z0-9]{1,5})?$/.test(path) ? aptLists : undefined;
  const system = systemCaches.find((directory) => path.startsWith(`${directory}/`));
  if (system !== undefined) return system;
  const home = /^(?:root|home\/[^/]{1,255})\//.exec(path)?.[0];
  const cache = home && homeCaches.find((directory) => path.startsWith(`${directory}/`, home.length));
  return cache && `${home}${cache}`;
}

function toEvidence(context: CheckContext, path: string, { layer, files, bytes }: Cache): RiskEvidence {
  return context.evidence({ path, layer }, { excerpt: `${files} files, ${bytes} bytes` });
}

/** Instructions that may have left the cache: no proof of their own. */
function apkHints(context: CheckContext): RiskEvidence[] {
  return scriptsOf(context).flatMap(({ instruction, script }) =>
    script.commands
      .filter((command) => {
        const found = packageCommand(command);
        return found?.manager === 'apk' && found.action === 'install' && !found.options.includes('--no-cache');
      })
      .map(({ source }) => instructionEvidence(context, instruction, source)),
  );
}
