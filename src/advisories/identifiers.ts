/** Reading of vulnerability ids; nothing here knows where a record came from. */

const cveGrammar = /^CVE-[0-9]{4}-[0-9]{4,12}$/;
const erratumGrammar =
  /^(DSA|DLA|ELA|DTSA|USN|LSN|AL[SBE]A|RLSA|RXSA|RH[SBE]A|SUSE-[A-Z]U|openSUSE-[A-Z]U|MGASA|ELSA|ALAS2?|OESA|PHSA|CGA|MINI|ECHO|AZL)-/;

/** Whether the id is a plain CVE id. */
export function isCve(id: string): boolean {
  return cveGrammar.test(id);
}

/** The CVE that an id names: itself, or what a distribution's prefix stands before (`DEBIAN-CVE-2024-1`); else null. */
export function cveOf(id: string): string | null {
  const at = id.indexOf('CVE-');
  if (at < 0 || (at > 0 && id[at - 1] !== '-')) return null;
  const cve = id.slice(at);
  return cveGrammar.test(cve) ? cve : null;
}

/**
 * Whether the id is a vendor's erratum or other record of its own numbering, which announces a fix for any number of
 * vulnerabilities that others number.
 */
export function isErratum(id: string): boolean {
  return erratumGrammar.test(id);
}

/** Whether an erratum is about bugs or enhancements: without a CVE it is no vulnerability. */
export function isBugErratum(id: string): boolean {
  return /^(AL[BE]A|RH[BE]A|SUSE-[RFO]U|openSUSE-[RFO]U)-/.test(id);
}

/** Whether the id is of the database of malicious packages. */
export function isMaliciousId(id: string): boolean {
  return id.startsWith('MAL-');
}

/** Who publishes records with such an id; shown as the source of a severity. */
export function publisherOf(id: string): string {
  const prefix = id.slice(0, id.indexOf('-'));
  return publishers.get(prefix) ?? prefix.toLowerCase();
}

const publishers = new Map([
  ['CVE', 'nvd'],
  ['DEBIAN', 'nvd'],
  ['ALPINE', 'nvd'],
  ['DSA', 'debian'],
  ['DLA', 'debian'],
  ['UBUNTU', 'ubuntu'],
  ['USN', 'ubuntu'],
  ['ALSA', 'almalinux'],
  ['RLSA', 'rocky'],
  ['RXSA', 'rocky'],
  ['RHSA', 'redhat'],
]);

const displayOrder = ['MAL-', 'CVE-', 'GHSA-', 'GO-', 'RUSTSEC-', 'PYSEC-'];

/** The id that people see: of malicious packages MAL, else CVE, else GHSA, else a curated database's, else the first of the alphabet. */
export function displayId(ids: readonly string[]): string {
  const sorted = [...ids].sort();
  for (const prefix of displayOrder) {
    const found = sorted.find((id) => id.startsWith(prefix));
    if (found !== undefined) return found;
  }
  return sorted[0] ?? '';
}
