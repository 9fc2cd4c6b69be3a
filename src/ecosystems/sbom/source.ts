import type { NameVersion } from '../contract.ts';
import type { ParsedPackageUrl } from '../purl-text.ts';
import type { RawComponent } from './contract.ts';

const ownPrefix = 'built from source package ';
const trivyPrefix = 'built package from: ';

/**
 * The source package of an operating-system package, by what its writer says: Drydock's and others' properties, the
 * sentence in SPDX's `sourceInfo`, or the `upstream` qualifier. Without any of these a Debian or Alpine package is
 * its own source, as these distributions' databases mean it; of an rpm nothing is known then.
 * @param version of the package, with its epoch.
 */
export function sourceOf(raw: RawComponent, purl: ParsedPackageUrl, version: string): NameVersion | null {
  if (purl.type !== 'deb' && purl.type !== 'apk' && purl.type !== 'rpm') return null;
  const known = fromProperties(raw.properties, version) ?? fromSentence(raw.sourceInfo) ?? fromUpstream(purl, version);
  return known ?? (purl.type === 'rpm' ? null : { name: purl.name, version });
}

function fromProperties(properties: RawComponent['properties'], version: string): NameVersion | undefined {
  const own = { name: properties.get('drydock:source:name'), version: properties.get('drydock:source:version') };
  if (own.name && own.version) return { name: own.name, version: own.version };
  return fromTrivy(properties) ?? fromSyft(properties, version);
}

/** Trivy writes epoch, version and release of the source apart. */
function fromTrivy(properties: RawComponent['properties']): NameVersion | undefined {
  const get = (name: string): string => properties.get(`aquasecurity:trivy:${name}`) ?? '';
  const name = get('SrcName');
  const version = get('SrcVersion');
  if (name === '' || version === '') return undefined;
  const release = get('SrcRelease');
  const epoch = get('SrcEpoch');
  const full = release === '' ? version : `${version}-${release}`;
  return { name, version: epoch === '' || epoch === '0' ? full : `${epoch}:${full}` };
}

/** Syft names the source of a Debian package only where it differs, and its version only where that differs too. */
function fromSyft(properties: RawComponent['properties'], version: string): NameVersion | undefined {
  const name = properties.get('syft:metadata:source') || properties.get('syft:metadata:originPackage');
  if (name) return { name, version: properties.get('syft:metadata:sourceVersion') || version };
  return fromSourceRpm(properties.get('syft:metadata:sourceRpm') ?? '', version);
}

/** The first words of `sourceInfo`: name and version, apart by a blank; Drydock ends the sentence with `;`. */
function fromSentence(info: string): NameVersion | undefined {
  const prefix = [ownPrefix, trivyPrefix].find((words) => info.startsWith(words));
  if (prefix === undefined) return undefined;
  const end = info.indexOf(';');
  const [name, version, more] = info.slice(prefix.length, end < 0 ? undefined : end).split(' ');
  return name && version && more === undefined ? { name, version } : undefined;
}

/** `upstream=openssl`, `upstream=openssl@1.1.1`, or for rpm the file name of the source package. */
function fromUpstream({ qualifiers }: ParsedPackageUrl, version: string): NameVersion | undefined {
  const { upstream } = qualifiers;
  if (upstream === undefined) return undefined;
  if (upstream.endsWith('.src.rpm')) return fromSourceRpm(upstream, version);
  const at = upstream.lastIndexOf('@');
  if (at < 0) return { name: upstream, version };
  return at === 0 ? undefined : { name: upstream.slice(0, at), version: upstream.slice(at + 1) || version };
}

/** `name-version-release.src.rpm`; builds share the epoch of their source in all but contrived cases. */
function fromSourceRpm(file: string, version: string): NameVersion | undefined {
  if (!file.endsWith('.src.rpm')) return undefined;
  const base = file.slice(0, -'.src.rpm'.length);
  const release = base.lastIndexOf('-');
  const middle = base.lastIndexOf('-', release - 1);
  if (middle <= 0) return undefined;
  const colon = version.indexOf(':');
  return { name: base.slice(0, middle), version: `${version.slice(0, colon + 1)}${base.slice(middle + 1)}` };
}
