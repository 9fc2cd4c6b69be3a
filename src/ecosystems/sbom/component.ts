import type { Confidence, PackageScope } from '../contract.ts';
import { packageUrl } from '../purl.ts';
import type { ParsedPackageUrl } from '../purl-text.ts';
import type { RawComponent, SbomComponent } from './contract.ts';
import { sourceOf } from './source.ts';

const maxName = 512;
const maxVersion = 256;

/**
 * The package that a component with a readable package URL stands for.
 * @returns undefined when its name or version could be none: empty, too long, with blanks or control characters.
 */
export function toComponent(raw: RawComponent, purl: ParsedPackageUrl): SbomComponent | undefined {
  const name = packageName(raw, purl);
  const version = versionOf(purl);
  const source = sourceOf(raw, purl, version);
  if (!isPlain(name, maxName) || !isPlain(version, maxVersion)) return undefined;
  if (source !== null && (!isPlain(source.name, maxName) || !isPlain(source.version, maxVersion))) return undefined;
  const arch = isSystem(purl.type) ? (purl.qualifiers.arch ?? null) : null;
  return {
    ...{ purl: packageUrl(purl), type: purl.type, name, version, arch, source, held: false },
    ownedBy: raw.properties.get('drydock:ownedBy') || null,
    paths: raw.paths.map((path) => path.replace(/^\/+/, '')).filter((path) => path !== ''),
    layer: raw.properties.get('drydock:layer') || raw.properties.get('aquasecurity:trivy:LayerDigest') || null,
    ...statedQuality(raw),
  };
}

const scopes: readonly string[] = ['dev', 'declared', 'removed'] satisfies PackageScope[];
const confidences: readonly string[] = ['medium', 'low'] satisfies Confidence[];

/** What Drydock's own documents say of how sure a package is. */
function statedQuality({ properties, dev }: RawComponent): Pick<SbomComponent, 'scope' | 'confidence' | 'guessed'> {
  const scope = properties.get('drydock:scope') ?? (dev ? 'dev' : '');
  const confidence = properties.get('drydock:confidence') ?? '';
  return {
    ...(scopes.includes(scope) && { scope: scope as PackageScope }),
    ...(confidences.includes(confidence) && { confidence: confidence as Confidence }),
    ...(properties.get('drydock:guessed') === 'true' && { guessed: true as const }),
  };
}

/** Packages of these are named without the vendor that their namespace is. */
export function isSystem(type: string): boolean {
  return type === 'deb' || type === 'apk' || type === 'rpm';
}

/**
 * The name under which the package's world keeps advisories. Where the document spells it in other case than the
 * package URL, whose types often want lower case, the document's spelling is the original.
 */
function packageName(raw: RawComponent, { type, namespace, name }: ParsedPackageUrl): string {
  if (type === 'maven' && namespace !== undefined) return `${namespace}:${name}`;
  const isVendor = isSystem(type) || type === 'bitnami' || type === 'alpm';
  const full = isVendor || namespace === undefined ? name : `${namespace}/${name}`;
  const isOriginal = isSystem(type) || type === 'golang';
  return isOriginal && raw.name.toLowerCase() === full.toLowerCase() ? raw.name : full;
}

/** Versions of rpm, and of Debian in some documents, have their epoch in a qualifier. */
function versionOf({ type, version, qualifiers }: ParsedPackageUrl): string {
  const { epoch } = qualifiers;
  if (epoch === undefined || !/^[0-9]{1,10}$/.test(epoch) || Number(epoch) === 0) return version;
  return (type === 'rpm' || type === 'deb') && !version.includes(':') ? `${epoch}:${version}` : version;
}

function isPlain(text: string, max: number): boolean {
  return text !== '' && text.length <= max && !/[\p{Cc}\p{Cf}\p{Cs}\s]/u.test(text);
}
