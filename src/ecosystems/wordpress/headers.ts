import type { ParsedFile } from '../file-cataloger.ts';
import { linesOf } from '../text-lines.ts';

/** Something of a WordPress installation. */
export interface WordpressFact {
  readonly kind: 'core' | 'plugin' | 'theme';
  /** The folder's name, under which the plugin directory keeps it. */
  readonly name: string;
  readonly version: string;
}

/** The header comment of a plugin's main file or a theme's style sheet; undefined where there is none. */
export function parseHeader(
  bytes: Uint8Array,
  kind: 'plugin' | 'theme',
  name: string,
): ParsedFile<WordpressFact> | undefined {
  let titled = false;
  let version: string | undefined;
  for (const line of linesOf(bytes)) {
    const text = withoutMarks(line);
    titled ||= startsWith(text, kind === 'plugin' ? 'plugin name:' : 'theme name:');
    if (version === undefined && startsWith(text, 'version:')) version = valueIn(text.slice('version:'.length));
    if (titled && version !== undefined) break;
  }
  if (!titled) return undefined;
  // Some plugins leave the version out; nothing can be said of them then.
  return { packages: version ? [{ kind, name, version }] : [] };
}

/** `$wp_version = '6.4.2';` of `wp-includes/version.php` */
export function parseCore(bytes: Uint8Array): ParsedFile<WordpressFact> | undefined {
  for (const line of linesOf(bytes)) {
    if (!line.startsWith('$wp_version')) continue;
    const [, version = ''] = line.split("'", 2);
    return version === '' ? undefined : { packages: [{ kind: 'core', name: 'wordpress', version }] };
  }
  return undefined;
}

/** As WordPress reads it: an opening tag and marks of comments may stand in front. */
function withoutMarks(line: string): string {
  const start = line.trimStart();
  const text = start.startsWith('<?php') ? start.slice('<?php'.length) : start;
  let at = 0;
  while (at < text.length && ' \t/*#@'.includes(text[at] ?? '')) at++;
  return text.slice(at);
}

function startsWith(text: string, lower: string): boolean {
  return text.slice(0, lower.length).toLowerCase() === lower;
}

function valueIn(text: string): string {
  const end = text.indexOf('*/');
  return (end < 0 ? text : text.slice(0, end)).trim();
}
