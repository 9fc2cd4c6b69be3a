import { type ToyImage, type ToySnapshot, toyIndex, toyReport } from './facts-world.ts';

/** A finding at the grain of evidence: image, vulnerability, package, place. */
export interface NaiveFinding {
  readonly id: string;
  readonly kind: string;
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly path: string;
  readonly layer: string;
  readonly level: string;
  readonly state: string;
  readonly fixed: string | null;
  readonly kev: boolean;
  readonly priority: string;
}

/** Every finding of an image, by looking at every package and every advisory: no sets, no ids, no generations. */
export function naiveFindings(image: ToyImage, snapshot: ToySnapshot): NaiveFinding[] {
  const index = toyIndex(snapshot);
  const os = { id: 'debian', versionId: image.release, codename: null, prettyName: null, path: '' };
  const found: NaiveFinding[] = [];
  for (const pkg of toyReport(image).packages) {
    const { guessed: _guessed, ...told } = pkg;
    const installed = { ...told, locations: [], held: false };
    for (const match of index.match([installed], pkg.type === 'deb' ? os : undefined).matches) {
      const { id, severity, state, fixedVersion: fixed, kev, priority } = match;
      const { type, name, version, purl } = pkg;
      for (const { path, layer } of pkg.locations) {
        const kind = type === 'deb' ? 'cve' : 'sca';
        found.push({
          id,
          kind,
          type,
          name,
          version,
          purl,
          path,
          layer,
          level: severity.level,
          state,
          fixed,
          kev,
          priority,
        });
      }
    }
  }
  return found.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Counters by the words of the specification. */
export function naiveCounts(image: ToyImage, snapshot: ToySnapshot) {
  const findings = new Map<string, NaiveFinding>();
  const ordered = naiveFindings(image, snapshot).sort((a, b) => (a.purl < b.purl ? -1 : a.purl > b.purl ? 1 : 0));
  for (const finding of ordered) {
    const key = JSON.stringify([finding.id, finding.type, finding.name, finding.version]);
    if (!findings.has(key)) findings.set(key, finding);
  }
  const counted = [...findings.values()].filter(({ state }) => state !== 'unimportant');
  const of = (kind: string) => {
    const own = counted.filter((finding) => finding.kind === kind);
    const level = (...levels: string[]): number => own.filter((finding) => levels.includes(finding.level)).length;
    return {
      ...{ critical: level('critical'), high: level('high'), medium: level('medium'), low: level('low', 'negligible') },
      ...{ unknown: level('unknown'), total: own.length, fixable: own.filter(({ state }) => state === 'fixed').length },
    };
  };
  return {
    ...{ cve: of('cve'), sca: of('sca'), kev: counted.filter(({ kev }) => kev).length },
    vulnerabilities: new Set(counted.map(({ id }) => id)).size,
  };
}
