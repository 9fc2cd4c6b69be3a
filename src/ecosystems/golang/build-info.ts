/** One module of a build: its path and version, as the file spells them. */
export interface GoModule {
  readonly path: string;
  readonly version: string;
  /** Where the code imports it from, when a replacement gave it another identity. */
  readonly replaces?: string;
}

/** What `go version -m` would say of a program. */
export interface GoBuild {
  /** `go1.22.1`, as the toolchain spells it. */
  readonly go: string;
  readonly modules: readonly GoModule[];
  /** Modules whose code came from a directory: name and version are those of what it replaced, the code is not. */
  readonly local: readonly GoModule[];
  /** Lines that are outside the grammar. */
  readonly malformed: number;
}

/** Modules of one program. */
export const maxModules = 20_000;
const maxField = 1024;

/** The text of the module information between its two marks of 16 bytes; empty for programs built without modules. */
export function unwrapModuleText(bytes: Buffer): string {
  if (bytes.length < 33 || bytes[bytes.length - 17] !== 0x0a) return '';
  return bytes.toString('utf8', 16, bytes.length - 16);
}

/**
 * Reads module information: lines of `path`, `mod`, `dep`, `=>` and `build` with fields between tabs. A replacement
 * replaces identity (scanning.md §3.4).
 */
export function parseBuildInfo(go: string, text: string): GoBuild {
  const found: { module: GoModule; local: boolean }[] = [];
  let malformed = 0;
  let open = false;
  for (const line of lines(text)) {
    const [kind, path = '', version = ''] = line.split('\t', 4);
    if (kind === 'mod' || kind === 'dep') {
      open = isModulePath(path) && isVersion(version) && found.length < maxModules;
      if (open) found.push({ module: { path, version }, local: false });
      else malformed++;
    } else if (kind === '=>' && open) {
      const original = found.pop()?.module as GoModule;
      if (version === '' || !isModulePath(path)) found.push({ module: original, local: true });
      else if (isVersion(version)) found.push({ module: { path, version, replaces: original.path }, local: false });
      else malformed++;
      open = false;
    }
  }
  // A version control system's revision is no version: modules without one are not told apart by it.
  const known = found.filter(({ module }) => module.version !== '' && module.version !== '(devel)');
  return {
    go,
    modules: known.filter(({ local }) => !local).map(({ module }) => module),
    local: known.filter(({ local }) => local).map(({ module }) => module),
    malformed,
  };
}

function* lines(text: string): Generator<string> {
  let at = 0;
  while (at < text.length) {
    const end = text.indexOf('\n', at);
    const stop = end < 0 ? text.length : end;
    // Settings of a build may be long; they are not looked at.
    if (stop - at <= 3 * maxField) yield text.slice(at, stop);
    at = stop + 1;
  }
}

/** The characters of module paths (`golang.org/x/mod/module`): ASCII letters, digits and `-._~/`, with `+!` in old ones. */
export function isModulePath(path: string): boolean {
  return path.length <= maxField && /^[A-Za-z0-9_~][A-Za-z0-9._~/+!-]*$/.test(path) && !path.endsWith('/');
}

/** `v1.2.3`, a pseudo-version, `(devel)`, or nothing at all. */
export function isVersion(version: string): boolean {
  return version === '' || version === '(devel)' || (version.length <= 256 && /^v[0-9][0-9A-Za-z.+-]*$/.test(version));
}

/** The release of a toolchain: `1.22.1` of `go1.22.1 X:nocoverageredesign`; undefined for builds between releases. */
export function releaseOf(go: string): string | undefined {
  const found = /^go([0-9]{1,4}(?:\.[0-9]{1,6}){0,2}(?:(?:rc|beta)[0-9]{1,4})?)(?![0-9.])/.exec(go);
  return found?.[1];
}
