import { createTarParser, defaultLayerLimits, type FileEntry, type TarParser } from '../../../image/index.ts';
import type { DebControl, DebControlFile, DebDataEntry, DebLimits, DebReader, OpenPackage } from './contract.ts';
import { DebError } from './errors.ts';
import { debLimits } from './limits.ts';
import { openMember } from './member.ts';

/** Reads package files within limits; keeps nothing between calls. */
export function createDebReader(limits: DebLimits = debLimits): DebReader {
  return {
    readControl: (open, signal) => readControl(open, limits, signal),
    readData: (open, signal) => readEntries(openMember(open, 'data.tar', limits, signal), signal),
  };
}

async function readControl(open: OpenPackage, limits: DebLimits, signal: AbortSignal): Promise<DebControl> {
  const files = new Map<string, DebControlFile>();
  for await (const { entry, content } of readEntries(openMember(open, 'control.tar', limits, signal), signal)) {
    if (entry.type === 'directory' || entry.path.includes('/')) continue;
    if (entry.type !== 'file') throw new DebError('invalid_package', `the control file ${entry.path} is no file`);
    if (entry.size > limits.controlFile) {
      throw new DebError('too_large', `the control file ${entry.path} has ${entry.size} bytes`);
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(Uint8Array.from(chunk));
    files.set(entry.path, { bytes: Buffer.concat(chunks), mode: entry.mode });
  }
  if (!files.has('control')) throw new DebError('invalid_package', 'the package has no control file');
  return { files };
}

/**
 * Entries of a tar stream with their content. A package is signed as a whole and made by a distribution's tools, so
 * unlike with layers every oddity ends the reading instead of becoming a diagnostic.
 */
async function* readEntries(bytes: AsyncGenerator<Uint8Array>, signal: AbortSignal): AsyncGenerator<DebDataEntry> {
  const tar = createTarParser(defaultLayerLimits, { ownerNames: true });
  /** Feeds the next chunk; false at the end of the stream. */
  const feed = async (): Promise<boolean> => {
    signal.throwIfAborted();
    const { done, value } = await bytes.next();
    if (!done) tar.feed(value);
    return !done;
  };
  try {
    for (;;) {
      const event = tar.next();
      if (event.kind === 'entry') {
        refuseProblems(tar);
        const body = { open: true };
        const { owner = { user: '', group: '' } } = event;
        yield { entry: checkEntry(event.entry), owner, content: contentOf(tar, feed, body) };
        if (body.open) tar.skip();
      } else if (event.kind === 'more' && !(await feed())) break;
    }
    tar.finish();
    refuseProblems(tar);
  } finally {
    await bytes.return(undefined);
  }
}

async function* contentOf(
  tar: TarParser,
  feed: () => Promise<boolean>,
  body: { open: boolean },
): AsyncGenerator<Uint8Array> {
  while (body.open) {
    const event = tar.next();
    if (event.kind === 'data') yield event.bytes;
    else if (event.kind === 'end') body.open = false;
    else if (event.kind === 'more' && !(await feed())) {
      throw new DebError('invalid_package', 'the archive in the package is cut off');
    }
  }
}

function checkEntry(entry: FileEntry): FileEntry {
  if (entry.path.includes('\n')) throw new DebError('unsafe_path', 'a name in the package holds a line break');
  if (entry.sparse) throw new DebError('invalid_package', `${entry.path} is stored as a sparse file`);
  return entry;
}

function refuseProblems(tar: TarParser): void {
  const problem = tar.diagnostics.find(({ partial }) => partial);
  if (problem === undefined) return;
  const code = problem.code === 'suspicious_archive' ? 'unsafe_path' : 'invalid_package';
  throw new DebError(code, `the archive in the package cannot be used: ${problem.message}`);
}
