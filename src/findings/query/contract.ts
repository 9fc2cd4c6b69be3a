/**
 * The one filter grammar of lists, counters, exports and facades. `parseFilter` and `formatFilter` give it a text form:
 * `severity:critical,high fixable:true -repository:team/* vuln:CVE-2024-1 size>=1000000` (AND by blanks, OR by commas
 * inside a term or by `or` with brackets, NOT by `-`).
 */
export type Filter =
  | { readonly and: readonly Filter[] }
  | { readonly or: readonly Filter[] }
  | { readonly not: Filter }
  | FieldTest;

/** One test of one field. Texts compare exactly (`in`), by substring (`contains`) or prefix; numbers by order. */
export type FieldTest =
  | { readonly field: TextField; readonly op: 'in' | 'contains' | 'prefix'; readonly values: readonly string[] }
  | { readonly field: NumberField; readonly op: 'in' | 'ge' | 'le'; readonly values: readonly number[] }
  | { readonly field: FlagField; readonly op: 'is'; readonly value: boolean };

/** Fields of the image (`image.*`, `registry.*`, `repository.*`) and of the finding itself. */
export type TextField =
  | 'image.uuid'
  | 'image.digest'
  | 'image.imageId'
  | 'image.reference'
  | 'image.tag'
  | 'image.os'
  | 'image.arch'
  | 'image.scanState'
  /** Name of an open finding that is no vulnerability, see risks/names.ts. */
  | 'risk'
  | 'registry.instanceId'
  | 'registry.name'
  | 'registry.kind'
  /** What the cloud facades call the type: `vendor.registryType` where it is set, else `harbor` for Harbor and `acr` for the rest. */
  | 'registry.type'
  | 'registry.region'
  | 'repository.id'
  | 'repository.name'
  | 'repository.namespace'
  | 'repository.path'
  | 'project'
  | 'vuln.id'
  | 'vuln.key'
  | 'vuln.title'
  | 'package.name'
  | 'package.type'
  | 'package.version'
  | 'kind'
  | 'severity'
  | 'priority'
  | 'state'
  | 'path'
  | 'layer';

export type NumberField =
  | 'image.id'
  | 'image.size'
  | 'image.created'
  | 'image.updated'
  | 'image.scanned'
  /** Open findings that are no vulnerabilities, by kind. */
  | 'image.baseline'
  | 'image.instruction'
  | 'image.malicious'
  | 'image.sensitive'
  /** Of the highest level only. */
  | 'image.sensitiveHigh'
  | 'registry.id'
  | 'vuln.cvss'
  | 'vuln.epss'
  | 'finding.id';

export type FlagField =
  /** The tag points at the image now. Lists show only such images unless a filter names uuid, digest or this field. */
  | 'image.current'
  /** The newest image of its repository. */
  | 'image.latest'
  | 'image.scannedOnce'
  | 'image.hasVuln'
  | 'image.hasRisk'
  | 'image.hasAlarm'
  | 'image.hasBaseline'
  | 'image.hasInstruction'
  | 'image.hasSensitive'
  | 'vuln.kev'
  | 'fixable'
  /** Ignored, whitelisted or decided by VEX. */
  | 'handled'
  /** A fix task for it is under way. */
  | 'fixing';

/**
 * What one row is (data-model.md §1): `finding` = image × vulnerability × package name × installed version (the unit of
 * every counter), `record` = image × vulnerability (all packages inside), `vulnerability` = release × vulnerability.
 */
export type Grain = 'finding' | 'record' | 'vulnerability';

/** Order of rows; ties are broken by stable ids so that pages never overlap. `worst` = KEV, severity, scores. */
export interface Sort {
  readonly by: 'worst' | 'vuln' | 'package' | 'image' | 'severity' | 'cvss' | 'epss' | 'firstSeen' | 'id';
  readonly descending: boolean;
}
