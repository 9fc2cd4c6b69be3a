import type { CheckContext } from '../../contract.ts';
import { instructionCheck } from '../../define-check.ts';
import { byHistory, instructionEvidence } from '../finding.ts';
import { historyOf, type Instruction } from '../history/history.ts';

/** IC-009 */
export const add = instructionCheck({
  id: 'IC-009',
  item: 'add',
  level: 'low',
  title: { en: 'ADD is used where COPY would do', zh: '使用 ADD 而非 COPY' },
  description: {
    en: 'ADD unpacks archives and downloads, depending on its argument. High where it fetches from a network without a checksum; BuildKit does not write checksums into the history, so that a download with one looks the same there.',
    zh: 'ADD 会依参数解包归档或下载文件。从网络获取且无校验和时为高危；BuildKit 不会把校验和写入历史，因此带校验和的下载在历史中看起来相同。',
  },
  advice: {
    en: 'Use COPY for files of the build context, and ADD --checksum for downloads.',
    zh: '构建上下文中的文件使用 COPY，下载使用 ADD --checksum。',
  },
  evaluate(context) {
    const adds = historyOf(context).instructions.filter(({ keyword }) => keyword === 'ADD');
    const remote = adds.filter(isUncheckedDownload);
    const local = adds.filter((instruction) => isLocalFile(context, instruction));
    const evidence = [...remote, ...local].map((one) => instructionEvidence(context, one, one.written));
    return byHistory(context, evidence, { level: remote.length > 0 ? 'high' : 'low' });
  },
});

function sourcesOf({ text }: Instruction): readonly string[] {
  if (text.startsWith('[')) return [...text.matchAll(/"([^"\\]{0,4096})"/g)].map(([, word = '']) => word).slice(0, -1);
  return text.split(/\s+/).slice(0, -1);
}

function isRemote(source: string): boolean {
  return /^(?:https?|ftp|git|ssh):\/\//i.test(source) || /^git@[^/\s]{1,200}:/.test(source);
}

function isUncheckedDownload(instruction: Instruction): boolean {
  if (instruction.flags.some((flag) => flag.startsWith('--checksum='))) return false;
  // A commit is a checksum of its own.
  return sourcesOf(instruction).some(
    (source) => isRemote(source) && !/#[0-9a-f]{40}(?:[0-9a-f]{24})?(?::|$)/.test(source),
  );
}

const archive = /\.(?:tar|tar\.(?:gz|bz2|xz|zst|lzma)|tgz|tbz2?|txz|tzst)$/i;

/** What ADD copies as COPY would. The root file system that an image begins with is none of it. */
function isLocalFile(context: CheckContext, instruction: Instruction): boolean {
  const { text, layer } = instruction;
  // The classic builder names the hash of what it added: `file:…` and `dir:… in /target`.
  const classic = /^(file|dir|multi):\S{1,200} in (.{1,4096})$/.exec(text);
  if (classic !== null) {
    const [, kind, target = ''] = classic;
    if (layer === 0 && target.trim() === '/') return false;
    return kind !== 'file' || layer === null || !wasUnpacked(context, layer, target.trim());
  }
  return sourcesOf(instruction).some(
    (source) => !isRemote(source) && !archive.test(source) && !source.startsWith('--'),
  );
}

/** An archive leaves several files, or none of the name; a copied file leaves one. */
function wasUnpacked(context: CheckContext, layer: number, target: string): boolean {
  const path = trimSlashes(target);
  const entries = context.layers[layer]?.tree.entries ?? [];
  if (entries.some((entry) => entry.path === path && entry.type === 'file')) return false;
  return entries.filter(({ type }) => type !== 'directory').length !== 1;
}

function trimSlashes(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '')
    .join('/');
}
