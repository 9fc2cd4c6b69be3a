import { fileCataloger, type Identified } from '../file-cataloger.ts';
import { packageUrl } from '../purl.ts';
import { quoted } from '../text-lines.ts';
import { dotnetLimits, type NugetFact, parseDepsJson } from './deps-json.ts';
import { parsePackagesConfig, parsePackagesLock } from './lockfiles.ts';
import { nugetVersions } from './versions.ts';

const { maxBytes } = dotnetLimits;

/** Packages whose code applications and runtimes of .NET carry. */
export const nugetCataloger = fileCataloger<NugetFact>({
  id: 'nuget',
  version: 1,
  wants: (path) => path.endsWith('.deps.json'),
  maxBytes,
  parse: parseDepsJson,
  identify: (fact) => identify(fact),
});

const lockNames = ['packages.lock.json', 'packages.config'];

/** Packages of lock files. */
export const nugetLockCataloger = fileCataloger<NugetFact>({
  id: 'nuget-lock',
  version: 1,
  wants: (path) => lockNames.some((name) => path.endsWith(name) && (path === name || path.endsWith(`/${name}`))),
  maxBytes: 16 * 1024 * 1024,
  parse: (bytes, path) => (path.endsWith('.json') ? parsePackagesLock(bytes) : parsePackagesConfig(bytes)),
  identify: (fact) => identify(fact, 'declared'),
});

function identify({ name, version, dev }: NugetFact, declared?: 'declared'): Identified {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(name))
    return { problem: `${quoted(name)} is no name of a NuGet package` };
  if (!nugetVersions.valid(version)) return { problem: `${quoted(version)} is no version of a NuGet package` };
  const purl = packageUrl({ type: 'nuget', name, version });
  const scope = dev ? 'dev' : declared;
  return { purl, type: 'nuget', name, version, arch: null, source: null, ...(scope && { scope }) };
}
