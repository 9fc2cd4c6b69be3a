/** A word of the vendors under which each distribution with advisories ships its packages, in lower case. */
const vendorWords: Readonly<Record<string, readonly string[]>> = {
  almalinux: ['almalinux'],
  rocky: ['rocky'],
  rhel: ['red hat'],
  sles: ['suse'],
  sled: ['suse'],
  sles_sap: ['suse'],
  'sle-micro': ['suse'],
  'sl-micro': ['suse'],
  'opensuse-leap': ['suse'],
  'opensuse-tumbleweed': ['suse'],
  openeuler: ['openeuler'],
  photon: ['vmware', 'broadcom'],
  mageia: ['mageia'],
};

/**
 * Whether a package was built by someone else than the distribution: its advisories do not speak of such a build, whose
 * versions and epochs are its vendor's own. A package without vendor is taken for the distribution's.
 */
export function isForeign(vendor: string, osId: string | undefined): boolean {
  if (vendor === '' || osId === undefined || !Object.hasOwn(vendorWords, osId)) return false;
  const lower = vendor.toLowerCase();
  return !(vendorWords[osId] ?? []).some((word) => lower.includes(word));
}
