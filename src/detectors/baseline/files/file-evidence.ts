import type { ViewEntry } from '../../../image/index.ts';
import type { RiskEvidence } from '../../contract.ts';
import type { CheckContext } from '../contract.ts';

/** Evidence of one entry of the final file system; paths of content lie in another layer where a hardlink leads there. */
export function entryEvidence(context: CheckContext, entry: ViewEntry, excerpt: string): RiskEvidence {
  return context.evidence({ path: entry.path, layer: entry.layer }, { excerpt });
}

/** Whether an entry is a file with content: regular, or a hardlink to one. */
export function isFile({ type, content }: ViewEntry): boolean {
  return (type === 'file' || type === 'hardlink') && content !== undefined;
}

/** Mode and owner as people write them: `4755 0:0`. */
export function modeText({ mode, uid, gid }: Pick<ViewEntry, 'mode' | 'uid' | 'gid'>): string {
  return `${mode.toString(8).padStart(4, '0')} ${uid}:${gid}`;
}

/** Directories of programs, wherever they are. */
export const programDirectory = /(^|\/)s?bin\/[^/]+$/;
