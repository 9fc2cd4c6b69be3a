import type { ParsedFile } from '../file-cataloger.ts';
import { linesOf } from '../text-lines.ts';

/** Name and version of a gem as its specification says. */
export interface GemFact {
  readonly name: string;
  readonly version: string;
}

const maxLines = 200;

/**
 * Reads a specification as RubyGems generates it on installation: assignments of literals, one a line. Nothing is
 * evaluated; where a hand-written file computes its version, the comment `# stub:` that RubyGems reads itself decides.
 */
export function parseGemspec(bytes: Uint8Array): ParsedFile<GemFact> {
  let stub: GemFact | undefined;
  let name: string | undefined;
  let version: string | undefined;
  let lines = 0;
  for (const line of linesOf(bytes)) {
    if (++lines > maxLines || (name !== undefined && version !== undefined)) break;
    const text = line.trim();
    if (text.startsWith('# stub: ')) stub ??= readStub(text);
    name ??= assigned(text, 'name');
    version ??= assigned(text, 'version');
  }
  name ??= stub?.name;
  version ??= stub?.version;
  if (name !== undefined && version !== undefined) return { packages: [{ name, version }] };
  return { packages: [], problem: 'the specification of a gem has no literal name and version', partial: true };
}

/** `# stub: name version platform require_paths` */
function readStub(text: string): GemFact | undefined {
  const [, , name, version] = text.split(' ', 5);
  return name && version ? { name, version } : undefined;
}

/** The literal of `s.field = "…"`, for any name of the block's parameter. */
function assigned(text: string, field: string): string | undefined {
  const dot = text.indexOf('.');
  if (dot <= 0 || dot > 32 || !text.startsWith(field, dot + 1)) return undefined;
  const rest = text.slice(dot + 1 + field.length).trimStart();
  if (!rest.startsWith('=')) return undefined;
  const value = rest.slice(1).trimStart();
  return literal(value.startsWith('Gem::Version.new(') ? value.slice('Gem::Version.new('.length).trimStart() : value);
}

const closing: Readonly<Record<string, string>> = { '"': '"', "'": "'", '%q{': '}', '%q<': '>', '%q(': ')' };

function literal(text: string): string | undefined {
  const open = text.startsWith('%q') ? text.slice(0, 3) : text.slice(0, 1);
  const close = closing[open];
  if (close === undefined) return undefined;
  const end = text.indexOf(close, open.length);
  const value = end < 0 ? '' : text.slice(open.length, end);
  // Escapes and interpolation are code.
  return value === '' || value.length > 256 || /[\\#]/.test(value) ? undefined : value;
}
