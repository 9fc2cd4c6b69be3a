import type { ExportColumn, ExportPackage, ExportSubject } from '../contract.ts';
import { packageColumn, placeColumn, subjectColumn } from './finding.ts';
import { imageColumn } from './image.ts';

const levelNames: Readonly<Record<string, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
};

/** The level of a vulnerability in the words of the facade; what is not rated counts as the lowest. */
export function huaweiLevel(severity: string): string {
  return levelNames[severity] ?? 'Low';
}

/** One sentence that says what to do about a package with a vulnerability. */
export function huaweiSolution(packages: readonly Pick<ExportPackage, 'name' | 'fixedVersion'>[]): string {
  const fixed = packages.filter(({ fixedVersion }) => fixedVersion !== null);
  if (fixed.length === 0) return 'No fixed version has been published yet.';
  const upgrades = new Set(fixed.map(({ name, fixedVersion }) => `${name} to ${fixedVersion}`));
  return `Upgrade ${[...upgrades].join(', ')} or later.`;
}

/** Where people read about a vulnerability; empty for ids of unknown databases. */
export function huaweiUrl(id: string): string {
  if (/^CVE-\d{4}-\d{4,19}$/.test(id)) return `https://nvd.nist.gov/vuln/detail/${id}`;
  return /^[A-Za-z0-9:-]{4,64}$/.test(id) ? `https://osv.dev/vulnerability/${encodeURIComponent(id)}` : '';
}

/** All CVE ids of a vulnerability, its own first. */
export function cveIds({ id, aliases }: Pick<ExportSubject, 'id' | 'aliases'>): readonly string[] {
  return [...new Set([id, ...aliases].filter((name) => name.startsWith('CVE-')))];
}

/** Columns of the export of local image vulnerabilities (huawei.md §3.3), in the order of the file. */
export const huaweiColumns: readonly ExportColumn[] = [
  imageColumn('image_name', 'text', (image) => image.repository),
  imageColumn('image_version', 'text', (image) => image.tag),
  imageColumn('image_id', 'text', (image) => image.uuid),
  imageColumn('image_digest', 'text', (image) => image.digest),
  imageColumn('local_image_type', 'text', () => 'other_image'),
  imageColumn('image_size', 'number', (image) => image.size),
  // No server reports where an image runs, so these are empty or zero, never guessed.
  imageColumn('host_name', 'text', () => ''),
  imageColumn('host_id', 'text', () => ''),
  imageColumn('container_num', 'number', () => 0),
  subjectColumn('vul_id', 'text', (subject) => subject.key),
  subjectColumn('vul_name', 'text', (subject) => subject.title),
  subjectColumn('type', 'text', (subject) => (subject.kind === 'cve' ? 'linux_vul' : 'app_vul')),
  subjectColumn('severity_level', 'text', (subject) => huaweiLevel(subject.severity)),
  subjectColumn('cve_id', 'list', cveIds),
  subjectColumn('max_cvss_score', 'number', (subject) => subject.cvss),
  packageColumn('app_name', (found) => found.name),
  packageColumn('app_version', (found) => found.version),
  placeColumn('app_path', 'list', (place) => place.paths),
  placeColumn('position', 'list', (place) => place.layers),
  packageColumn('fixed_version', (found) => found.fixedVersion),
  placeColumn('status', 'text', (place) => (place.handled === null ? 'vul_status_unfix' : 'vul_status_ignored')),
  placeColumn('handle_status', 'text', (place) => (place.handled === null ? 'unhandled' : 'handled')),
  subjectColumn('solution_detail', 'text', (subject) => huaweiSolution(subject.packages)),
  subjectColumn('url', 'text', (subject) => huaweiUrl(subject.id)),
  { name: 'first_scan_time', scope: 'row', type: 'time', value: (row) => row.firstSeen },
  imageColumn('latest_scan_time', 'time', (image) => image.scannedAt),
  subjectColumn('description', 'text', (subject) => subject.description ?? subject.title),
];
