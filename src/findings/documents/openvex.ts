import type { Ignored } from '../ignored.ts';
import { type ScanReport, type VulnerabilityFinding, vulnerabilitiesIn } from '../report.ts';
import type { MaliciousFinding } from '../risk-findings.ts';
import { type ImageIdentity, imagePurl } from './image-purl.ts';
import { groupBy, packagesByPurl, upgradeName } from './packages.ts';
import { uuidFor } from './stable-id.ts';
import { adviceFor, documentText } from './text.ts';
import { toUri } from './uri.ts';

/** The document's context URI, which is also the in-toto predicate type. */
export const openVexContext = 'https://openvex.dev/ns/v0.2.0';

/** The justifications that OpenVEX knows for `not_affected`. */
export const vexJustifications = [
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
] as const;

/** What is said about one vulnerability of one image (OpenVEX 0.2.0, status and what that status requires). */
export type VexVerdict =
  | { readonly status: 'fixed'; readonly notes: string | null }
  | { readonly status: 'affected'; readonly action: string }
  | { readonly status: 'not_affected'; readonly impact: string }
  | {
      readonly status: 'not_affected';
      readonly justification: (typeof vexJustifications)[number];
      readonly notes: string | null;
    }
  | { readonly status: 'under_investigation'; readonly notes: string | null };

type VexDecision = NonNullable<Ignored['vex']>;

/** One statement: a verdict on one vulnerability for the named packages of the image. */
export interface VexStatement {
  readonly id: string;
  readonly aliases: readonly string[];
  /** purls; the parts of the image that the statement is about. */
  readonly packages: readonly string[];
  readonly verdict: VexVerdict;
}

/** An OpenVEX 0.2.0 document as plain JSON. */
export type OpenVexDocument = Readonly<Record<string, unknown>>;

/**
 * Builds the document about one image. The schema wants at least one statement; about an image without any there is
 * nothing to say, and the list is then empty.
 */
export function buildOpenVex(input: {
  readonly image: ImageIdentity;
  /** RFC 3339. */
  readonly timestamp: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly statements: readonly VexStatement[];
}): OpenVexDocument {
  const body = { timestamp: input.timestamp, statements: input.statements.map((item) => statement(item, input.image)) };
  return {
    '@context': openVexContext,
    '@id': `urn:uuid:${uuidFor(`urn:drydock:vex:${JSON.stringify([input.image.digest, input.tool, body])}`)}`,
    author: 'Drydock',
    role: 'automated scanner',
    timestamp: body.timestamp,
    version: 1,
    tooling: `${input.tool.name} ${input.tool.version}`,
    statements: body.statements,
  };
}

/** The statements that a scan supports: what affects the image and what to do about it. */
export function vexStatementsOf(report: ScanReport): readonly VexStatement[] {
  const packages = packagesByPurl(report);
  const judged = vulnerabilitiesIn(report).map((finding) => ({
    finding,
    verdict: verdictOf(finding, upgradeName(finding, packages)),
  }));
  const groups = groupBy(judged, ({ finding, verdict }) => JSON.stringify([finding.id, verdict]));
  const vulnerabilities = [...groups.values()].map((group) => {
    const findings = group.map(({ finding }) => finding);
    return {
      id: findings[0]?.id ?? '',
      aliases: [...new Set(findings.flatMap(({ aliases }) => aliases))],
      packages: [...new Set(findings.map((finding) => finding.package))],
      verdict: group[0]?.verdict as VexVerdict,
    };
  });
  const malicious = report.findings.filter((finding) => finding.kind === 'malicious');
  return [...vulnerabilities, ...malicious.map(maliciousStatement)];
}

function maliciousStatement(finding: MaliciousFinding): VexStatement {
  const { ignored, package: purl, rule } = finding;
  const action = 'Remove it: it is malicious.';
  const accepted = ignored === null ? '' : `Accepted by ${ignored.by}: ${ignored.reason}. `;
  const verdict: VexVerdict =
    ignored?.vex === undefined
      ? { status: 'affected', action: `${accepted}${action}` }
      : ofDocument(ignored.vex, `${ignored.reason} (${ignored.vex.document})`);
  return { id: rule, aliases: [], packages: purl === null ? [] : [purl], verdict };
}

function verdictOf(finding: VulnerabilityFinding, source: string): VexVerdict {
  const advice = adviceFor({ ...finding, source });
  // The distribution's word on its own build; what a user chose to ignore stays affected.
  if (finding.state === 'unimportant') return { status: 'not_affected', impact: advice };
  if (finding.ignored === null) return { status: 'affected', action: advice };
  const { by, reason, until, vex } = finding.ignored;
  const term = until === null ? '' : ` until ${until}`;
  if (vex !== undefined) return ofDocument(vex, `${reason} (${vex.document}${term})`);
  return { status: 'affected', action: `Accepted by ${by}${term}: ${reason}. ${advice}` };
}

/** What a VEX document said before, passed on with its name. */
function ofDocument({ status, justification }: VexDecision, notes: string): VexVerdict {
  if (status !== 'not_affected') return { status, notes };
  const known = vexJustifications.find((word) => word === justification);
  return known === undefined ? { status, impact: notes } : { status, justification: known, notes };
}

function statement({ id, aliases, packages, verdict }: VexStatement, image: ImageIdentity): object {
  const others = [...new Set(aliases.map((alias) => documentText(alias)))];
  return {
    vulnerability: { name: documentText(id), ...(others.length === 0 ? {} : { aliases: others }) },
    products: [product(image, packages)],
    ...verdictFields(verdict),
  };
}

function verdictFields(verdict: VexVerdict): object {
  if (verdict.status === 'affected') return { status: verdict.status, action_statement: documentText(verdict.action) };
  if (verdict.status === 'not_affected' && 'impact' in verdict) {
    return { status: verdict.status, impact_statement: documentText(verdict.impact) };
  }
  return {
    status: verdict.status,
    ...(verdict.notes === null ? {} : { status_notes: documentText(verdict.notes) }),
    ...('justification' in verdict ? { justification: verdict.justification } : {}),
  };
}

function product(image: ImageIdentity, packages: readonly string[]): object {
  const purl = imagePurl(image);
  const [algorithm, hex] = image.digest.split(':');
  return {
    '@id': purl,
    identifiers: { purl },
    hashes: { [algorithm === 'sha512' ? 'sha-512' : 'sha-256']: hex },
    ...(packages.length === 0
      ? {}
      : { subcomponents: packages.map((name) => ({ '@id': toUri(name), identifiers: { purl: toUri(name) } })) }),
  };
}
