import type { ParsedFile } from '../file-cataloger.ts';
import { linesOf } from '../text-lines.ts';
import type { GemFact } from './gemspec.ts';

/**
 * Gems that Bundler locked, from gem servers only: what comes from Git or from a path has no published version. A
 * platform at the end of a version is dropped, so variants of one version are one gem.
 */
export function parseGemfileLock(bytes: Uint8Array): ParsedFile<GemFact> {
  const gems = new Map<string, GemFact>();
  let section = '';
  let inSpecs = false;
  for (const line of linesOf(bytes)) {
    if (line !== '' && !line.startsWith(' ')) {
      section = line;
      inSpecs = false;
    } else if (line === '  specs:') inSpecs = true;
    else if (section === 'GEM' && inSpecs && line.startsWith('    ') && line[4] !== ' ') {
      const gem = readSpec(line.slice(4, 1024));
      if (gem !== undefined) gems.set(`${gem.name} ${gem.version}`, gem);
    }
  }
  return { packages: [...gems.values()] };
}

/** `nokogiri (1.13.3-x86_64-linux)` */
function readSpec(text: string): GemFact | undefined {
  const open = text.indexOf(' (');
  if (open <= 0 || !text.endsWith(')')) return undefined;
  const version = text.slice(open + 2, -1);
  const hyphen = version.indexOf('-');
  return { name: text.slice(0, open), version: hyphen < 0 ? version : version.slice(0, hyphen) };
}
