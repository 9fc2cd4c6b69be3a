import { isCounted, packagesByPurl, type ScanReport } from '../../findings/index.ts';
import type { Style } from '../terminal/style.ts';
import { fitText, terminalText } from '../terminal/terminal-text.ts';
import { count } from '../terminal/words.ts';

/** More than these are counted only. */
const most = 50;

/** What is itself the harm: said before every vulnerability, and by no filter hidden. */
export function* renderMalicious(report: ScanReport, style: Style, width: number): Generator<string> {
  const found = report.findings.filter((finding) => finding.kind === 'malicious' && isCounted(finding));
  if (found.length === 0) return;
  const packages = packagesByPurl(report);
  yield `\n${style.bad(`MALICIOUS: ${count(found.length, 'finding')}`)}\n\n`;
  for (const finding of found.slice(0, most)) {
    if (finding.kind !== 'malicious') continue;
    const pkg = finding.package === null ? undefined : packages.get(finding.package);
    const what = pkg === undefined ? finding.path : `${pkg.name} ${pkg.version}`;
    const known = finding.known === true ? style.dim(' (known)') : '';
    yield `  ${style.bad(finding.level)}  ${style.strong(fitText(terminalText(what, 200), width - 30))}  ${terminalText(finding.rule, 40)}${known}\n`;
    yield `  ${style.dim(fitText(terminalText(finding.title, 300), width - 4))}\n`;
    if (pkg !== undefined && finding.path !== '')
      yield `  ${style.dim(fitText(terminalText(finding.path, 300), width - 4))}\n`;
  }
  if (found.length > most) yield style.dim(`  … ${found.length - most} more with -o json\n`);
}
