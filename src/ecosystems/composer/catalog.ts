import { fileCataloger, type Identified } from '../file-cataloger.ts';
import { packageUrl } from '../purl.ts';
import { quoted } from '../text-lines.ts';
import { type ComposerFact, parseComposerLock, parseInstalled } from './files.ts';

const maxBytes = 64 * 1024 * 1024;

/** Packages that Composer installed, by its own record. */
export const composerCataloger = fileCataloger<ComposerFact>({
  id: 'composer',
  version: 1,
  wants: (path) => path.endsWith('composer/installed.json'),
  maxBytes,
  parse: parseInstalled,
  identify: (fact) => identify(fact),
});

/** Packages of lock files. */
export const composerLockCataloger = fileCataloger<ComposerFact>({
  id: 'composer-lock',
  version: 1,
  wants: (path) => path === 'composer.lock' || path.endsWith('/composer.lock'),
  maxBytes,
  parse: parseComposerLock,
  identify: (fact) => identify(fact, 'declared'),
});

const namePattern = /^[a-z0-9][a-z0-9._-]{0,127}\/[a-z0-9][a-z0-9._-]{0,127}$/;

function identify({ name, version, dev }: ComposerFact, declared?: 'declared'): Identified {
  const lower = name.toLowerCase();
  if (!namePattern.test(lower)) return { problem: `${quoted(name)} is no name of a Composer package` };
  if (version === '' || /[\p{Cc}\p{Cf}\p{Cs}\s]/u.test(version)) {
    return { problem: `${quoted(version)} is no version of a Composer package` };
  }
  const plain = /^v[0-9]/i.test(version) ? version.slice(1) : version;
  const [namespace = '', base = ''] = lower.split('/');
  const purl = packageUrl({ type: 'composer', namespace, name: base, version: plain });
  const scope = dev ? 'dev' : declared;
  return { purl, type: 'composer', name: lower, version: plain, arch: null, source: null, ...(scope && { scope }) };
}
