import type { Migration } from './migration.ts';

/** Which images have which layers, so that scans recognise what an image was built on. */
export const baseImages: Migration = {
  version: 7,
  name: '0007-base-images',
  statements: ({ I64, BYTES, table }) => [
    // chain: ChainID of all layers of the image.
    table('image_chain', `manifest_id ${I64} PRIMARY KEY REFERENCES manifest(id)`, `chain ${BYTES} NOT NULL`),
    'CREATE INDEX image_chain_chain ON image_chain (chain)',
  ],
};
