/** A name of an archive read as Maven writes names: `artifact-version[-classifier].jar`. */
export interface NameParts {
  readonly artifact: string;
  /** Without what is most likely a classifier; '' when the name has no version. */
  readonly version: string;
}

/** Words with which parts of a version begin; what else follows a version is a classifier. */
const qualifiers = new Set(
  (
    'a alpha android b beta build cr ea final fuse ga hf incubating jbossorg jre m milestone p patch pre preview rc redhat ' +
    'release rev sec snapshot sp sr v'
  ).split(' '),
);

/** The name without its folder and its last extension. */
export function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

/**
 * The likely parts of an archive's name, without extension. The version begins at a hyphen in front of a digit; where
 * there are several, at the first whose rest holds no words but those of versions: `log4j-1.2-api-2.14.1`.
 */
export function partsOf(stem: string): NameParts {
  let last: NameParts | undefined;
  for (let at = stem.indexOf('-'); at > 0 && at < 300; at = stem.indexOf('-', at + 1)) {
    if (!startsWithDigit(stem.slice(at + 1, at + 2))) continue;
    const { version, rest } = versionIn(stem.slice(at + 1).split('-'));
    last = { artifact: stem.slice(0, at), version };
    if (!rest.some(startsWithDigit)) return last;
  }
  return last ?? { artifact: stem, version: '' };
}

/** The segments of a version up to the first that belongs to a classifier. */
function versionIn(segments: readonly string[]): { version: string; rest: readonly string[] } {
  const end = segments.findIndex((segment) => !startsWithDigit(segment) && !qualifiers.has(wordOf(segment)));
  const count = end < 0 ? segments.length : end;
  return { version: segments.slice(0, count).join('-'), rest: segments.slice(count) };
}

/** The letters in front, in lower case: `RC` of `RC1`; other characters make it another word. */
function wordOf(segment: string): string {
  let end = 0;
  while (end < segment.length && !startsWithDigit(segment.charAt(end)) && segment.charAt(end) !== '.') end++;
  return segment.slice(0, end).toLowerCase();
}

function startsWithDigit(text: string): boolean {
  const code = text.charCodeAt(0);
  return code >= 0x30 && code <= 0x39;
}
