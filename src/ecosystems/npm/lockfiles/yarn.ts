import type { Declared } from '../../lockfiles/cataloger.ts';
import { linesOf, unquote } from '../../lockfiles/lines.ts';

/** `yarn.lock` of Yarn 1, and of Yarn 2 and later, which is YAML with the same layout. */
export function* readYarnLock(bytes: Uint8Array): Generator<Declared> {
  let pattern = '';
  let version: string | undefined;
  let resolution: string | undefined;
  for (const { indent, text } of linesOf(bytes)) {
    if (indent === 0) {
      yield* declared(pattern, version, resolution);
      pattern = text.endsWith(':') ? text : '';
      version = undefined;
      resolution = undefined;
    } else if (indent === 2) {
      version ??= fieldValue(text, 'version');
      resolution ??= fieldValue(text, 'resolution');
    }
  }
  yield* declared(pattern, version, resolution);
}

/** `version "1.2.3"` of Yarn 1, `version: 1.2.3` of later ones. */
function fieldValue(text: string, key: string): string | undefined {
  if (!text.startsWith(key)) return undefined;
  const rest = text.slice(key.length);
  if (rest.startsWith(': ')) return unquote(rest.slice(2).trim());
  return rest.startsWith(' ') ? unquote(rest.slice(1).trim()) : undefined;
}

function* declared(pattern: string, version: string | undefined, resolution: string | undefined): Generator<Declared> {
  if (pattern === '' || version === undefined) return;
  // Yarn 1 names what was asked for, with an alias as `alias@npm:real@^1`; later ones say what it came to.
  const asked = resolution ?? unquote(pattern.slice(0, -1).split(',', 1)[0] ?? '');
  const [name, reference] = splitAt(asked);
  if (name === undefined) return;
  if (resolution === undefined) {
    const real = reference.startsWith('npm:') ? splitAt(reference.slice(4))[0] : name;
    if (!isPlace(reference)) yield { name: real ?? name, version };
  } else if (reference.startsWith('npm:') || reference.startsWith('patch:')) yield { name, version };
}

/** Files, repositories and the project's own parts: what they hold is no version of the registry. */
function isPlace(reference: string): boolean {
  const colon = reference.indexOf(':');
  return colon > 0 && !reference.startsWith('npm:');
}

/** `@scope/name@reference`; no name where there is no reference. */
function splitAt(text: string): [name: string | undefined, reference: string] {
  const at = text.indexOf('@', 1);
  return at < 0 ? [undefined, ''] : [text.slice(0, at), text.slice(at + 1)];
}
