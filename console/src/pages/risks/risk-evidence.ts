import type { Schema } from '../../api/client.ts';

/** A place in an image where a risk shows. Excerpts are masked by the server. */
export interface Evidence {
  readonly path: string;
  readonly line: number | null;
  readonly excerpt: string | null;
  readonly layer: string | null;
  /** Inside of an archive at `path`. */
  readonly member: string | null;
  readonly inBase: boolean;
  /** False where a later layer removed the file: it still travels with the image. */
  readonly present: boolean;
}

/** What else is known of a finding, by the name of its text. */
export interface EvidenceFacts {
  readonly md5: string | null;
  readonly sha256: string | null;
  readonly engine: string | null;
  readonly rule: string | null;
  readonly size: number | null;
  readonly package: string | null;
  readonly owner: string | null;
}

type Json = Readonly<Record<string, unknown>>;

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);

function placeIn(json: Json): Evidence {
  const { inBase } = json;
  const { path, line, excerpt, layer, member, present } = json;
  return {
    path: text(path) ?? '',
    line: number(line),
    excerpt: text(excerpt),
    layer: text(layer),
    member: text(member),
    inBase: inBase === true,
    present: present !== false,
  };
}

/** Places of a finding (docs/api/report.schema.json): checks have many, files one. */
export function evidenceOf({ finding }: Pick<Schema<'RiskHit'>, 'finding'>): readonly Evidence[] {
  const { evidence } = finding;
  if (Array.isArray(evidence)) {
    return evidence.map((item: Json) => placeIn(item));
  }
  const place = placeIn(finding);
  return place.path === '' ? [] : [place];
}

/** How much evidence there was; more than is kept. */
export function evidenceTotal({ finding }: Pick<Schema<'RiskHit'>, 'finding'>): number {
  const { total } = finding;
  return number(total) ?? 1;
}

/** Hashes, engine and rule of a malicious file; nulls for other kinds. */
export function factsOf({ finding }: Pick<Schema<'RiskHit'>, 'finding'>): EvidenceFacts {
  const { md5, sha256, engine, rule, size, package: pkg, owner } = finding;
  return {
    md5: text(md5),
    sha256: text(sha256),
    engine: text(engine),
    rule: text(rule),
    size: number(size),
    package: text(pkg),
    owner: text(owner),
  };
}
