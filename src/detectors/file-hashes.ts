import { createHash } from 'node:crypto';
import type { ContentSink, FileEntry, LayerVisitor } from '../image/index.ts';
import type { DetectedLayer, DetectorAnalysis } from './contract.ts';

/** Hashes of the files of one layer: hex, MD5 (32) followed by SHA-256 (64). */
export type LayerHashes = Readonly<Record<string, string>>;

/** Which files are hashed: all of them, or the programs and authentication modules that FS-007 is about. */
export type HashScope = 'all' | 'programs';

const analysisIds: readonly string[] = ['hashes-all', 'hashes-programs'];

/** Hashes files once for every detector that asks. */
export function hashAnalysis(scope: HashScope): DetectorAnalysis {
  const id = `hashes-${scope}`;
  return { id, version: 1, byContent: true, visitor: () => hashVisitor(id, scope) };
}

function hashVisitor(id: string, scope: HashScope): LayerVisitor<LayerHashes> {
  const hashes: Record<string, string> = Object.create(null);
  return {
    id,
    version: 1,
    wants: (entry) => (entry.type === 'file' && (scope === 'all' || isProgram(entry)) ? 'sink' : 'skip'),
    file() {},
    sink({ path }): ContentSink {
      const md5 = createHash('md5');
      const sha256 = createHash('sha256');
      return {
        chunk(bytes) {
          md5.update(bytes);
          sha256.update(bytes);
          return true;
        },
        end() {
          hashes[path] = md5.digest('hex') + sha256.digest('hex');
        },
      };
    },
    finish: () => hashes,
  };
}

/** Where programs, and the libraries that decide who may log in, are kept. */
const programDirectory = /(^|\/)(s?bin|libexec|security|openssh)\/[^/]+$/;
const coreLibrary = /\/(ld-[^/]*|libc[.-][^/]*|libnss_[^/]*|libpam[^/]*)$/;

function isProgram({ path, mode }: FileEntry): boolean {
  return (mode & 0o6000) !== 0 || programDirectory.test(path) || coreLibrary.test(path);
}

/** Looks hashes up by layer and path as spelled in the layer. */
export function fileHashes(
  layers: readonly Pick<DetectedLayer, 'facts'>[],
): (layer: number, path: string) => { readonly md5: string; readonly sha256: string } | undefined {
  const all = layers.map(({ facts }) => analysisIds.map((id) => facts.get(id) as LayerHashes | undefined));
  return (layer, path) => {
    for (const hashes of all[layer] ?? []) {
      const found = hashes !== undefined && Object.hasOwn(hashes, path) ? hashes[path] : undefined;
      if (found !== undefined) return { md5: found.slice(0, 32), sha256: found.slice(32) };
    }
    return undefined;
  };
}
