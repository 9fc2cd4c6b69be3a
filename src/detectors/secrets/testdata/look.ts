import type { ContentRule, FileRule } from '../contract.ts';
import { secretVisitors } from '../engine/visitor.ts';
import { compileRules } from '../engine/window-scan.ts';
import type { SecretFacts } from '../facts.ts';

/** How a file under test is read. */
export interface LookOptions {
  readonly content?: readonly ContentRule[];
  readonly files?: readonly FileRule[];
  /** Lengths of the pieces in which the content comes, over and over; default: in one. */
  readonly pieces?: readonly number[];
  readonly now?: () => number;
}

/** What the visitor of a scan makes of one file. */
export function look(path: string, content: string | Buffer, options: LookOptions = {}): SecretFacts {
  const { content: contentRules = [], files: fileRules = [], pieces = [], now } = options;
  const compiled = compileRules(contentRules);
  const visitor = secretVisitors({ ...{ id: 'test', version: 1, key: Buffer.from('key') }, compiled, fileRules, ...(now && { now }) })();
  const bytes = Buffer.from(content as string);
  const entry = { path, type: 'file', mode: 0o644, uid: 0, gid: 0, size: bytes.length, mtime: 0 } as const;
  if (visitor.wants(entry) !== 'sink') throw new Error('the file is not wanted');
  const sink = visitor.sink?.(entry);
  let more = true;
  for (let at = 0, turn = 0; at < bytes.length && more; turn++) {
    const length = pieces.length === 0 ? bytes.length : (pieces[turn % pieces.length] as number);
    // A copy that is overwritten afterwards, as the walk does with its buffers.
    const piece = Buffer.from(bytes.subarray(at, at + length));
    more = sink?.chunk(piece) === true;
    piece.fill(0x78);
    at += length;
  }
  sink?.end();
  return visitor.finish();
}
