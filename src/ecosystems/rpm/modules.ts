import type { AdvisoryKey, AdvisoryRange } from '../contract.ts';
import { rpmVersions } from './versions.ts';

/** What release texts of module builds hold: `1.module_el8.9.0+3742+8ee3a0c5`. */
export const moduleMark = '.module';

/** `nodejs:20` of the label `nodejs:20:8100020240808073736:489197e6`; null for what is no label. */
export function streamOf(label: string): string | null {
  const [name = '', stream = ''] = label.split(':', 2);
  const word = /^[A-Za-z0-9._+-]{1,100}$/;
  return word.test(name) && word.test(stream) ? `${name}:${stream}` : null;
}

/**
 * Those ranges of an advisory that speak of the installed build (scanning.md §5.2). Builds of a module are compared with
 * fixes of the same stream only, other builds with other fixes only. Where an erratum lists a name several times, once
 * per build, the lowest fix of the installed upstream version decides: a plain union would flag a patched package.
 *
 * Records do not say which stream a fix belongs to; the erratum's title does (`nodejs:20 security update`). Without it,
 * a fix counts whose upstream version is the installed one or begins with the stream (`nodejs:20` and 20.9.0).
 * @param titleOf title of the erratum; asked only when needed
 */
export function rangesFor(
  key: AdvisoryKey,
  ranges: readonly AdvisoryRange[],
  titleOf: () => string | null,
): readonly AdvisoryRange[] {
  const ofModule = isModuleBuild(key);
  if (!ranges.some(isOfModule)) return ofModule ? [] : ranges;
  if (!ofModule) return ranges.filter((range) => !isOfModule(range));
  const fixes = ranges.filter(isOfModule);
  const upstream = upstreamOf(key.version);
  const same = fixes.filter((range) => upstreamOf(fixOf(range)) === upstream);
  const { stream } = key;
  if (typeof stream === 'string') {
    const streams = streamsIn(titleOf() ?? '');
    if (streams.length > 0) {
      if (!streams.includes(stream)) return [];
      return same.length > 0 ? lowestOf(same) : fixes;
    }
    if (same.length === 0) {
      const wanted = stream.slice(stream.indexOf(':') + 1);
      return fixes.filter((range) => beginsWith(upstreamOf(fixOf(range)), wanted));
    }
  }
  return lowestOf(same);
}

function isModuleBuild({ stream, version }: AdvisoryKey): boolean {
  return typeof stream === 'string' || version.includes(moduleMark);
}

function isOfModule(range: AdvisoryRange): boolean {
  return range.some(([, version]) => version.includes(moduleMark));
}

function fixOf(range: AdvisoryRange): string {
  return range.findLast(([kind]) => kind === 'fixed')?.[1] ?? '';
}

/** The version between epoch and release. */
function upstreamOf(version: string): string {
  const dash = version.lastIndexOf('-');
  return version.slice(version.indexOf(':') + 1, dash < 0 ? version.length : dash);
}

/** Whether a stream such as `3.1` is the beginning of a version such as `3.1.5`. */
function beginsWith(version: string, stream: string): boolean {
  return version === stream || version.startsWith(`${stream}.`);
}

/** Module streams that a title names: `Important: virt:rhel and virt-devel:rhel security update`. */
function streamsIn(title: string): string[] {
  return title
    .split(' ')
    .map((word) => (word.endsWith(',') ? word.slice(0, -1) : word))
    .filter((word) => {
      const colon = word.indexOf(':');
      return colon > 0 && colon < word.length - 1 && colon === word.lastIndexOf(':');
    });
}

/** The range with the lowest fix; all when there is one at most. */
function lowestOf(ranges: readonly AdvisoryRange[]): readonly AdvisoryRange[] {
  const [first, ...others] = ranges;
  if (first === undefined || others.length === 0) return ranges;
  return [others.reduce((low, range) => (rpmVersions.compare(fixOf(range), fixOf(low)) < 0 ? range : low), first)];
}
