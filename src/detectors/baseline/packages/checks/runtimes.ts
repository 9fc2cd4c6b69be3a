import type { CheckContext } from '../../contract.ts';
import { packageCheck } from '../../define-check.ts';
import { failIf, notApplicable } from '../../outcome.ts';
import { installed, packageEvidence } from './inventory.ts';
import { runtimeDates } from './runtime-dates.ts';

type Package = CheckContext['packages'][number];

/** PK-004 */
export const endedRuntime = packageCheck({
  id: 'PK-004',
  item: 'eol_runtime',
  level: 'medium',
  title: { en: 'A language runtime gets no more fixes', zh: '语言运行时已停止维护' },
  description: {
    en: 'Python, Node.js, PHP, Ruby, Java, .NET or Go of a release whose security fixes have ended is in the image, or a program was built with such a Go. Runtimes from packages of the distribution are fixed by the distribution and do not count.',
    zh: '镜像中包含已停止安全修复的 Python、Node.js、PHP、Ruby、Java、.NET 或 Go 版本，或程序由此类 Go 构建。发行版软件包中的运行时由发行版维护，不计入。',
  },
  advice: { en: 'Move to a release that is supported.', zh: '升级到仍受支持的版本。' },
  evaluate(context) {
    const today = context.now.toISOString().slice(0, 10);
    const runtimes = installed(context).flatMap((pkg) => {
      const runtime = runtimeOf(pkg);
      return runtime === undefined ? [] : [{ pkg, runtime }];
    });
    if (runtimes.length === 0) return notApplicable('The image has no runtime of a language that is known here.');
    return failIf(
      runtimes.flatMap(({ pkg, runtime }) => {
        const ended = pkg.ownedBy === null ? endOf(runtime, pkg.version, today) : undefined;
        if (ended === undefined) return [];
        return [packageEvidence(context, pkg, `${runtime} ${pkg.version}: no fixes ${ended}`)];
      }),
    );
  },
});

/** Which runtime a package is; undefined for everything else, and for packages of distributions. */
function runtimeOf({ type, name }: Package): string | undefined {
  if (type === 'golang') return name === 'stdlib' ? 'go' : undefined;
  if (type === 'nuget') return /^Microsoft\.NETCore\.App(?:\.Runtime\.|$)/i.test(name) ? 'dotnet' : undefined;
  if (type !== 'generic' && type !== 'bitnami') return undefined;
  return Object.hasOwn(runtimeDates, name) ? name : undefined;
}

/** `since 2023-06-27`, or `any more` before the table begins; undefined while a release is supported or not known. */
function endOf(runtime: string, version: string, today: string): string | undefined {
  const table = runtimeDates[runtime] ?? {};
  const release = releaseOf(runtime, version);
  if (release === undefined) return undefined;
  const key = release.join('.');
  const last = Object.hasOwn(table, key) ? table[key] : undefined;
  if (last !== undefined) return last !== null && today > last ? `since ${last}` : undefined;
  const all = Object.keys(table).map((text) => text.split('.').map(Number));
  return all.every((one) => isBefore(release, one)) ? 'any more' : undefined;
}

/** The numbers that name a release: `3.11`, `20`. */
function releaseOf(runtime: string, version: string): readonly number[] | undefined {
  const [first, second = 0] = (/^\d{1,5}(?:\.\d{1,5})?/.exec(version.replace(/^(?:go|v)/, ''))?.[0] ?? '')
    .split('.')
    .map(Number);
  if (first === undefined || !/^\D{0,2}\d/.test(version)) return undefined;
  // 1.8.0 is Java 8.
  if (runtime === 'java') return [first === 1 ? second : first];
  return runtime === 'node' ? [first] : [first, second];
}

function isBefore(release: readonly number[], other: readonly number[]): boolean {
  const [a = 0, b = 0] = release;
  const [c = 0, d = 0] = other;
  return a < c || (a === c && b < d);
}
