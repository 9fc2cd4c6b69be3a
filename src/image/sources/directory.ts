import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import type { Diagnostic } from '../../kernel/index.ts';
import { digestOf, finishDigest } from '../digest.ts';
import { displayPath } from '../layers/names.ts';
import { mediaTypes } from '../model.ts';
import { parseManifestDocument } from '../parse-manifest.ts';
import type { ImageReference } from '../reference.ts';
import type { OpenedReference } from './contract.ts';
import { tarOfDirectory } from './directory-tar.ts';
import { walkDirectory } from './directory-walk.ts';
import { SourceError } from './errors.ts';
import { streamOf } from './host-file.ts';
import { openImage } from './opened-image.ts';
import { machinePlatform } from './platforms.ts';
import type { ImageContent } from './read-blob.ts';
import { verifyStream } from './verify-stream.ts';

/**
 * Opens a root directory of the host as an image of one uncompressed layer. The files are read once to know the digest
 * and again when the layer is opened; a change in between fails the layer with `digest_mismatch`.
 * @throws SourceError `source_unreadable`
 */
export async function openDirectoryImage(
  reference: ImageReference & { readonly scheme: 'dir' },
  signal: AbortSignal,
): Promise<OpenedReference> {
  const root = await realDirectory(reference.directory);
  const tree = await walkDirectory(root, signal);
  const unreadable = new Set<string>();
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of tarOfDirectory(root, tree.entries, unreadable, signal)) {
    hash.update(chunk);
    size += chunk.length;
  }
  const layer = { mediaType: mediaTypes.ociLayer, digest: finishDigest(hash, 'sha256'), size };
  const rootfs = { type: 'layers', diff_ids: [layer.digest] };
  const configBytes = Buffer.from(JSON.stringify({ ...machinePlatform(), config: {}, rootfs }));
  const config = { mediaType: mediaTypes.ociConfig, digest: digestOf(configBytes), size: configBytes.length };
  const manifest = { schemaVersion: 2, mediaType: mediaTypes.ociManifest, config, layers: [layer] };
  const document = parseManifestDocument(Buffer.from(JSON.stringify(manifest)), mediaTypes.ociManifest);
  const content: ImageContent = {
    manifest: async (digest) => (digest === document.digest ? document : undefined),
    async openBlob(descriptor, blobSignal) {
      if (descriptor.digest === config.digest) return verifyStream(streamOf(configBytes), descriptor);
      return verifyStream(tarOfDirectory(root, tree.entries, new Set(unreadable), blobSignal), descriptor);
    },
  };
  const diagnostics = [...tree.diagnostics, ...[...unreadable].map(unreadableFile)];
  const opened = { reference: `dir:${reference.directory}`, root: document, content, diagnostics };
  return openImage({ ...opened, repository: undefined, tag: undefined }, signal);
}

async function realDirectory(directory: string): Promise<string> {
  try {
    const real = await realpath(directory);
    if ((await stat(real)).isDirectory()) return real === '/' ? '' : real;
  } catch (cause) {
    throw new SourceError('source_unreadable', `${directory} cannot be opened`, { cause });
  }
  throw new SourceError('source_unreadable', `${directory} is not a directory`);
}

function unreadableFile(path: string): Diagnostic {
  return { code: 'unreadable_file', path: displayPath(path), message: 'The file could not be read.', partial: true };
}
