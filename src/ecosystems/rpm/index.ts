import type { Ecosystem } from '../contract.ts';
import { advisoryKeys } from './advisory-keys.ts';
import { rpmCataloger } from './catalog.ts';
import { rangesFor } from './modules.ts';
import { rpmVersions } from './versions.ts';

/** Every image with an rpm database: the RHEL family, SUSE, openEuler, Photon, Mageia, Amazon, Azure, Fedora. */
export const rpm: Ecosystem = {
  id: 'rpm',
  types: ['rpm'],
  kind: 'cve',
  about: {
    title: 'RPM packages',
    covers:
      'AlmaLinux, Rocky Linux, Red Hat Enterprise Linux and UBI, SUSE, openSUSE, openEuler, Photon OS, Mageia; listed only: Amazon Linux, Azure Linux, CentOS, Fedora, Oracle Linux',
    evidence: [
      '{var/lib,usr/lib/sysimage,usr/share}/rpm/rpmdb.sqlite',
      '{var/lib,usr/lib/sysimage,usr/share}/rpm/Packages.db',
      '{var/lib,usr/lib/sysimage,usr/share}/rpm/Packages',
      'var/lib/rpmmanifest/container-manifest-{1,2}',
    ],
    versions: 'rpm (rpmvercmp with ~ and ^)',
    limits:
      'Red Hat products are told by the major release, not by content sets. Packages of other vendors than the distribution are listed and not matched.',
  },
  catalogers: [rpmCataloger],
  versions: rpmVersions,
  advisoryNames: ['AlmaLinux', 'Rocky Linux', 'Red Hat', 'SUSE', 'openSUSE', 'openEuler', 'Photon OS', 'Mageia'],
  advisoryKeys,
  rangesFor,
};
