import type { Ecosystem } from '../contract.ts';
import { gemCataloger, gemfileLockCataloger } from './catalog.ts';
import { gemVersions } from './versions.ts';

/** Ruby gems. */
export const gem: Ecosystem = {
  id: 'gem',
  types: ['gem'],
  kind: 'sca',
  about: {
    title: 'Ruby gems',
    covers: 'RubyGems, Bundler, default gems of Ruby',
    evidence: ['**/specifications/**/*.gemspec'],
    lockfiles: ['Gemfile.lock', 'gems.locked'],
    versions: 'Gem::Version',
    limits: 'Gems that Bundler checks out from Git have no specification of an installation.',
  },
  catalogers: [gemCataloger],
  declared: [gemfileLockCataloger],
  versions: gemVersions,
  advisoryNames: ['RubyGems'],
  advisoryKeys: ({ name, version }) => [{ ecosystem: 'RubyGems', on: 'binary', name, version }],
};
