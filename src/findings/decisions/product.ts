import { PackageURL } from 'packageurl-js';
import { imagePurl } from '../documents/image-purl.ts';
import type { ScanReport } from '../report.ts';
import type { VexProduct } from './contract.ts';

/** A package URL taken apart; null for what is none. */
interface Purl {
  /** Type, namespace and name, as a key. */
  readonly name: string;
  readonly version: string | null;
  readonly qualifiers: ReadonlyMap<string, string>;
}

const noQualifiers: ReadonlyMap<string, string> = new Map();

/**
 * How closely a product describes a package of an image: higher is closer, 0 = not meant. An exact version says more than
 * a name, an exact image more than any image.
 */
export class ProductMatcher {
  readonly #image: Purl | null;
  readonly #digests: ReadonlySet<string>;
  readonly #packages: readonly string[];
  readonly #known = new Map<string, Purl | null>();
  readonly #images = new Map<string, number>();

  constructor(report: ScanReport) {
    const { image, packages } = report;
    this.#image = parse(imagePurl(image));
    this.#digests = new Set([image.digest, image.indexDigest ?? image.digest, image.configDigest]);
    this.#packages = [...new Set(packages.map(({ purl }) => purl))];
  }

  /** @param purl of the package that a finding is about. */
  closeness({ image, digest, package: wanted }: VexProduct, purl: string): number {
    if (image === null && digest === null && wanted === null) return 0;
    const outside = this.#imageCloseness(image, digest);
    if (outside === 0) return 0;
    const inside = wanted === null ? 1 : this.#packageCloseness(wanted, purl);
    return inside === 0 ? 0 : inside * 10 + outside;
  }

  #imageCloseness(image: string | null, digest: string | null): number {
    if (image === null && digest === null) return 1;
    const key = `${image}\0${digest}`;
    let known = this.#images.get(key);
    if (known === undefined) {
      known = this.#judgeImage(image, digest);
      this.#images.set(key, known);
    }
    return known;
  }

  #judgeImage(image: string | null, digest: string | null): number {
    if (digest !== null && !this.#digests.has(digest)) return 0;
    if (image === null) return 3;
    const wanted = this.#parse(image);
    if (wanted === null) return 0;
    // A product that is itself a package: the image has to hold it.
    if (!wanted.name.startsWith('oci/')) {
      return this.#packages.some((purl) => this.#packageCloseness(image, purl) > 0) ? 2 : 0;
    }
    if (wanted.version !== null && !this.#digests.has(wanted.version)) return 0;
    if (wanted.version !== null || digest !== null) return 3;
    // Only a name is left: it has to be the whole repository, because last parts of names repeat everywhere.
    const repository = wanted.qualifiers.get('repository_url');
    const isSame = this.#image !== null && wanted.name === this.#image.name;
    return isSame && repository !== undefined && repository === this.#image?.qualifiers.get('repository_url') ? 2 : 0;
  }

  #packageCloseness(wanted: string, purl: string): number {
    if (wanted === purl) return 3;
    const [asked, present] = [this.#parse(wanted), this.#parse(purl)];
    if (asked === null || present === null || asked.name !== present.name) return 0;
    if (asked.version !== null && asked.version !== present.version) return 0;
    for (const [key, value] of asked.qualifiers) {
      const own = present.qualifiers.get(key);
      if (own !== value && !(own === undefined && harmless.has(key))) return 0;
    }
    return asked.version === null ? 2 : 3;
  }

  #parse(text: string): Purl | null {
    let known = this.#known.get(text);
    if (known === undefined) {
      known = parse(text);
      this.#known.set(text, known);
    }
    return known;
  }
}

/** Qualifiers that say where a package came from: their absence here is no contradiction. */
const harmless: ReadonlySet<string> = new Set(['repository_url', 'download_url', 'vcs_url', 'checksum', 'file_name']);

function parse(text: string): Purl | null {
  try {
    const { type, namespace, name, version, qualifiers } = PackageURL.fromString(text);
    return {
      name: [type, namespace, name].filter(Boolean).join('/'),
      version: version ?? null,
      qualifiers: qualifiers === undefined ? noQualifiers : new Map(Object.entries(qualifiers)),
    };
  } catch {
    return null;
  }
}

/** Type, name as packages are called, and version of a package URL; empty texts for what is none. */
export function packageUrlParts(text: string): { type: string; name: string; version: string | null } {
  const purl = parse(text);
  if (purl === null) return { type: '', name: '', version: null };
  const [type = '', ...rest] = purl.name.split('/');
  // Distributions are namespaces that names of packages leave out.
  const isSystem = type === 'deb' || type === 'rpm' || type === 'apk';
  return { type, name: isSystem ? (rest.at(-1) ?? '') : rest.join('/'), version: purl.version };
}

/** Whether a rule's package, a name or a package URL, means a package of a report. */
export function meansPackage(
  wanted: string,
  pkg: { readonly purl: string; readonly names: readonly string[] },
): boolean {
  if (!wanted.startsWith('pkg:')) return pkg.names.includes(wanted);
  const [asked, present] = [parse(wanted), parse(pkg.purl)];
  if (asked === null || present === null || asked.name !== present.name) return false;
  if (asked.version !== null && asked.version !== present.version) return false;
  return [...asked.qualifiers].every(([key, value]) => present.qualifiers.get(key) === value);
}
