import type { Ecosystem } from '../contract.ts';
import { debVersions } from '../dpkg/versions.ts';
import { opkgCataloger } from './catalog.ts';

/** OpenWrt and other embedded systems with opkg: listed only, because nobody publishes advisories by these packages. */
export const opkg: Ecosystem = {
  id: 'opkg',
  types: ['opkg'],
  kind: 'cve',
  about: {
    title: 'opkg packages',
    covers: 'OpenWrt, Yocto',
    evidence: ['usr/lib/opkg/status', 'var/lib/opkg/status'],
    versions: 'Debian policy 5.6.12',
    limits: 'Inventory only: there are no advisories for these packages.',
  },
  catalogers: [opkgCataloger],
  versions: debVersions,
  advisoryKeys: () => [],
};
