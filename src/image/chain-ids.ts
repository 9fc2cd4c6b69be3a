import { createHash } from 'node:crypto';
import type { Digest } from './digest.ts';

/**
 * The ChainIDs of a list of diff-ids, lowest first (OCI image-spec, config.md): each names the file system that the layers
 * up to it make together, so two images that share one share everything below.
 */
export function chainIds(diffIds: readonly Digest[]): Digest[] {
  const chains: Digest[] = [];
  for (const diffId of diffIds) {
    const below = chains.at(-1);
    const chain = below === undefined ? diffId : hashed(`${below} ${diffId}`);
    chains.push(chain);
  }
  return chains;
}

function hashed(text: string): Digest {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
