import type { FlagField, NumberField, TextField } from '../contract.ts';

/** One field of the filter grammar, as parser, documentation and consoles know it. */
export interface FieldInfo {
  readonly name: TextField | NumberField | FlagField;
  readonly type: 'text' | 'number' | 'time' | 'flag';
  /** Shorter names. */
  readonly short: readonly string[];
  /** `image`: decided by the image alone; `finding`: by the finding. */
  readonly of: 'image' | 'finding';
  /** Closed list of values; absent = any text. */
  readonly values?: readonly string[];
  /** What it holds, for the documentation. */
  readonly meaning: string;
}

const severities = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'];
const scanStates = [
  ...['never', 'queued', 'pulling', 'analysing', 'matched', 'partial', 'unsupported', 'too_large', 'failed'],
  'cancelled',
];
const states = ['fixed', 'unfixed', 'will_not_fix', 'unimportant', 'end_of_life'];

type Row = readonly [FieldInfo['name'], FieldInfo['type'], FieldInfo['of'], string, string, (readonly string[])?];

const rows: readonly Row[] = [
  ['image.uuid', 'text', 'image', 'uuid', 'uuid of the image, 32 hex digits'],
  ['image.digest', 'text', 'image', 'digest', 'digest of the platform manifest, or of the index that the tag names'],
  ['image.imageId', 'text', 'image', '', 'digest of the configuration'],
  ['image.reference', 'text', 'image', 'image', '`host/namespace/name:tag`'],
  ['image.tag', 'text', 'image', 'tag', 'tag'],
  ['image.os', 'text', 'image', 'os', 'distribution: `debian`, or `debian:12` with its release'],
  ['image.arch', 'text', 'image', 'arch', 'architecture: `amd64`'],
  ['image.scanState', 'text', 'image', 'scan', 'how far the last scan came', scanStates],
  ['registry.instanceId', 'text', 'image', '', '`cri-…`'],
  ['registry.name', 'text', 'image', 'registry', 'name of the registry'],
  ['registry.kind', 'text', 'image', '', 'kind of the registry', ['oci', 'harbor', 'static']],
  ['registry.type', 'text', 'image', '', 'what cloud clients call its type: `harbor`, `quay`, `acr`'],
  ['registry.region', 'text', 'image', 'region', 'region of the registry'],
  ['registry.id', 'number', 'image', '', 'number of the registry'],
  ['repository.id', 'text', 'image', '', '`crr-…`'],
  ['repository.name', 'text', 'image', '', 'last part of the path'],
  ['repository.namespace', 'text', 'image', 'namespace', 'path without its last part'],
  ['repository.path', 'text', 'image', 'repository', '`namespace/name`'],
  ['project', 'text', 'image', '', 'number of the project'],
  ['image.id', 'number', 'image', '', 'number of the image'],
  ['image.size', 'number', 'image', 'size', 'sum of the compressed layers in bytes'],
  ['image.created', 'time', 'image', 'created', 'when it was built, as its configuration says'],
  ['image.updated', 'time', 'image', 'updated', 'since when the tag points at it'],
  ['image.scanned', 'time', 'image', 'scanned', 'end of the last scan'],
  ['image.current', 'flag', 'image', 'current', 'the tag points at it now'],
  ['image.latest', 'flag', 'image', 'latest', 'the newest image of its repository'],
  ['image.scannedOnce', 'flag', 'image', '', 'a scan of it has ended'],
  ['image.hasVuln', 'flag', 'image', '', 'it has counted findings of packages'],
  ['image.hasRisk', 'flag', 'image', '', 'it has counted findings of any kind'],
  ['image.hasAlarm', 'flag', 'image', '', 'it has malicious files'],
  ['image.hasBaseline', 'flag', 'image', '', 'it fails checks of the baseline'],
  ['image.hasInstruction', 'flag', 'image', '', 'its build instructions fail checks'],
  ['image.hasSensitive', 'flag', 'image', '', 'it has files with secrets'],
  ['image.baseline', 'number', 'image', '', 'checks of the baseline that it fails'],
  ['image.instruction', 'number', 'image', '', 'checks of build instructions that it fails'],
  ['image.malicious', 'number', 'image', '', 'malicious files'],
  ['image.sensitive', 'number', 'image', '', 'findings of secrets in files'],
  ['image.sensitiveHigh', 'number', 'image', '', 'those of them with the level high'],
  [
    'risk',
    'text',
    'image',
    '',
    'it has an open finding of a check (`duplicate_uid`, `ID-004`), a rule of secrets, a `md5:…`',
  ],
  ['vuln.id', 'text', 'finding', 'vuln', '`CVE-…`, or any alias of it'],
  ['vuln.key', 'text', 'finding', 'key', '`debian:12:CVE-…`, `imgsca:npm:lodash:CVE-…`'],
  ['vuln.title', 'text', 'finding', 'title', 'title of the vulnerability'],
  ['vuln.kev', 'flag', 'finding', 'kev', 'known to be exploited'],
  ['vuln.cvss', 'number', 'finding', 'cvss', 'CVSS score, 0–10'],
  ['vuln.epss', 'number', 'finding', 'epss', 'EPSS probability, 0–1'],
  ['package.name', 'text', 'finding', 'package', 'name of the package or of its source package'],
  ['package.type', 'text', 'finding', 'type', 'purl type: `deb`, `npm`'],
  ['package.version', 'text', 'finding', 'version', 'installed version'],
  ['kind', 'text', 'finding', '', '`cve` = operating-system package, `sca` = application package', ['cve', 'sca']],
  ['severity', 'text', 'finding', '', 'severity that the finding is counted under', severities],
  ['priority', 'text', 'finding', '', 'urgency', ['asap', 'later', 'nntf']],
  ['state', 'text', 'finding', '', 'whether there is a fix', states],
  ['fixable', 'flag', 'finding', '', 'a fixed version is published'],
  ['handled', 'flag', 'finding', '', 'a decision (ignore, white list, VEX) covers it'],
  ['fixing', 'flag', 'finding', '', 'a fix task for it is under way'],
  ['path', 'text', 'finding', '', 'where the package is recorded: `var/lib/dpkg/status`'],
  ['layer', 'text', 'finding', '', 'digest of the layer that brings it'],
  ['finding.id', 'number', 'finding', '', 'number of the record, given out when it was first shown'],
];

/** All fields, in the order of the documentation. */
export const fields: readonly FieldInfo[] = rows.map(([name, type, of, short, meaning, values]) => ({
  name,
  type,
  of,
  short: short === '' ? [] : [short],
  meaning,
  ...(values && { values }),
}));

const byName = new Map<string, FieldInfo>();
for (const field of fields) for (const name of [field.name, ...field.short]) byName.set(name, field);

/** A field by its full or short name. */
export function fieldNamed(name: string): FieldInfo | undefined {
  return byName.get(name);
}

/** The candidate that is closest to a mistyped word; undefined when none is close. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    if (word.length > 40 || Math.abs(candidate.length - word.length) >= least) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** The field that was probably meant: an ending (`uuid`, `region`), or a name with few other letters. */
export function suggestField(name: string): string | undefined {
  const ending = fields.find((field) => field.name.toLowerCase().endsWith(`.${name.toLowerCase()}`));
  return ending?.name ?? closest(name, byName.keys());
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (previous[j] as number) + 1, (row[j - 1] as number) + 1));
    }
    previous = row;
  }
  return previous[b.length] as number;
}
