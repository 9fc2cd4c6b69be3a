import { type ArMember, readAr } from './ar.ts';
import type { DebLimits, OpenPackage } from './contract.ts';
import { type Compression, decompress } from './decompress.ts';
import { DebError } from './errors.ts';

const compressions: Readonly<Record<string, Compression>> = { '': 'none', '.gz': 'gzip', '.xz': 'xz', '.zst': 'zstd' };
const maxVersionFile = 1024;

/**
 * The unpacked bytes of `control.tar` or `data.tar` of a package of format 2. Checks the order of members that
 * deb(5) prescribes: version, control, data; names that begin with `_` may stand between and are ignored.
 * @throws DebError
 */
export async function* openMember(
  open: OpenPackage,
  wanted: 'control.tar' | 'data.tar',
  limits: DebLimits,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const order = ['debian-binary', 'control.tar', 'data.tar'];
  let step = 0;
  for await (const member of readAr(await open())) {
    signal.throwIfAborted();
    if (member.name.startsWith('_') && step > 0) continue;
    const expected = order[step++] ?? '';
    if (expected === 'debian-binary') await checkVersion(member);
    else if (!member.name.startsWith(expected) || expected === '') {
      throw new DebError('invalid_package', `the package has an unexpected member where ${expected} belongs`);
    }
    if (expected !== wanted) continue;
    const compression = compressions[member.name.slice(wanted.length)];
    if (compression === undefined) {
      const name = JSON.stringify(member.name);
      throw new DebError('unsupported_compression', `the member ${name} is compressed in an unsupported way`);
    }
    const bytes = wanted === 'control.tar' ? limits.control : limits.payload;
    yield* decompress(compression, member.content, { bytes, ratio: limits.ratio, ratioAfter: limits.ratioAfter });
    return;
  }
  throw new DebError('invalid_package', `the package has no ${wanted}`);
}

async function checkVersion(member: ArMember): Promise<void> {
  const chunks: Uint8Array[] = [];
  if (member.name === 'debian-binary' && member.size <= maxVersionFile) {
    for await (const chunk of member.content) chunks.push(chunk);
    if (/^2\.[0-9]{1,9}\n/.test(Buffer.concat(chunks).toString('latin1'))) return;
  }
  throw new DebError('invalid_package', 'the package is not of format 2');
}
