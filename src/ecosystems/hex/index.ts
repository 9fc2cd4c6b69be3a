import type { Ecosystem } from '../contract.ts';
import { fileCataloger, type Identified } from '../file-cataloger.ts';
import { packageUrl } from '../purl.ts';
import { semverOrder } from '../semver-order.ts';
import { quoted } from '../text-lines.ts';
import { type HexFact, parseApp, parseMixLock } from './files.ts';

const versions = semverOrder({ id: 'hex', numbers: 3 });

const cataloger = fileCataloger<HexFact>({
  id: 'hex',
  version: 1,
  wants: isApplication,
  maxBytes: 1024 * 1024,
  parse: parseApp,
  identify: (fact) => identify(fact),
});

const lockCataloger = fileCataloger<HexFact>({
  id: 'mix-lock',
  version: 1,
  wants: (path) => path === 'mix.lock' || path.endsWith('/mix.lock'),
  maxBytes: 16 * 1024 * 1024,
  parse: parseMixLock,
  identify: (fact) => identify(fact, 'declared'),
});

/** `_build/<environment>/lib/<name>/ebin/<name>.app`, or `lib/<name>-<version>/ebin/<name>.app` of a release. */
function isApplication(path: string): boolean {
  if (!path.endsWith('.app')) return false;
  const [file = '', ebin, folder = '', lib] = path.split('/').reverse();
  const name = file.slice(0, -'.app'.length);
  if (ebin !== 'ebin' || lib !== 'lib') return false;
  return folder === name ? path.includes('_build/') : folder.startsWith(`${name}-`);
}

function identify({ name, version }: HexFact, scope?: 'declared'): Identified {
  if (!/^[a-z][a-z0-9_]{0,127}$/.test(name)) return { problem: `${quoted(name)} is no name of a Hex package` };
  if (!/^[A-Za-z0-9][A-Za-z0-9.+-]{0,127}$/.test(version)) {
    return { problem: `${quoted(version)} is no version of a Hex package` };
  }
  const purl = packageUrl({ type: 'hex', name, version });
  return { purl, type: 'hex', name, version, arch: null, source: null, ...(scope && { scope }) };
}

/** Packages of Erlang and Elixir. */
export const hex: Ecosystem = {
  id: 'hex',
  types: ['hex'],
  kind: 'sca',
  about: {
    title: 'Erlang and Elixir packages',
    covers: 'Mix and Rebar builds and releases',
    evidence: ['**/_build/*/lib/*/ebin/*.app', '**/lib/*-*/ebin/*.app'],
    lockfiles: ['mix.lock'],
    versions: 'SemVer 2',
    limits: 'Applications are taken for the Hex package of the same name; those of Erlang/OTP and Elixir are left out.',
  },
  catalogers: [cataloger],
  declared: [lockCataloger],
  versions,
  advisoryNames: ['Hex'],
  advisoryKeys: ({ name, version }) => [{ ecosystem: 'Hex', on: 'binary', name, version }],
};
