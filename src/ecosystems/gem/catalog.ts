import { baseName } from '../../image/index.ts';
import { fileCataloger, type Identified } from '../file-cataloger.ts';
import { packageUrl } from '../purl.ts';
import { quoted } from '../text-lines.ts';
import { type GemFact, parseGemspec } from './gemspec.ts';
import { parseGemfileLock } from './lockfile.ts';

const mib = 1024 * 1024;

/** Gems whose specification RubyGems wrote when it installed them, default gems of Ruby included. */
export const gemCataloger = fileCataloger<GemFact>({
  id: 'gem',
  version: 1,
  wants: isInstalledSpecification,
  head: true,
  maxBytes: 8192,
  parse: parseGemspec,
  identify: (gem) => identify(gem),
});

/** Gems of lock files. */
export const gemfileLockCataloger = fileCataloger<GemFact>({
  id: 'gemfile-lock',
  version: 1,
  wants: (path) => path.endsWith('Gemfile.lock') || path.endsWith('gems.locked'),
  maxBytes: 16 * mib,
  parse: (bytes, path) =>
    ['Gemfile.lock', 'gems.locked'].includes(baseName(path)) ? parseGemfileLock(bytes) : undefined,
  identify: (gem) => identify(gem, 'declared'),
});

const folder = 'specifications/';

/**
 * Whether a path is `<gem home>/specifications/**.gemspec`. What lies in the tree of an installed gem,
 * `gems/<name>-<version>/`, are files of that gem, fixtures of tests for example; homes themselves are called
 * `gems/3.1.0` or `gems/ruby-3.1.0`.
 */
export function isInstalledSpecification(path: string): boolean {
  if (!path.endsWith('.gemspec')) return false;
  const at = path.startsWith(folder) ? 0 : path.lastIndexOf(`/${folder}`) + 1;
  if (at === 0 && !path.startsWith(folder)) return false;
  const segments = path.slice(0, at).split('/');
  for (let i = 0; i + 1 < segments.length; i++) {
    if (segments[i] === 'gems' && segments[i + 1] !== '' && !isHome(segments[i + 1] ?? '')) return false;
  }
  return true;
}

function isHome(segment: string): boolean {
  return /^([0-9]|[a-z]*ruby-)/.test(segment);
}

function identify({ name, version }: GemFact, scope?: 'declared'): Identified {
  if (!/^[A-Za-z0-9._-]{1,255}$/.test(name)) return { problem: `${quoted(name)} is no name of a gem` };
  if (!/^[0-9A-Za-z.-]{1,128}$/.test(version)) return { problem: `${quoted(version)} is no version of a gem` };
  const purl = packageUrl({ type: 'gem', name, version });
  return { purl, type: 'gem', name, version, arch: null, source: null, ...(scope && { scope }) };
}
