import type { Migration } from './migration.ts';

/** Configurations of images, with their secrets masked. */
export const imageConfigs: Migration = {
  version: 11,
  name: '0011-image-configs',
  statements: ({ I64, BYTES, table }) => [
    // body: JSON, packed as the bodies of risks are.
    table('image_config', `manifest_id ${I64} PRIMARY KEY REFERENCES manifest(id)`, `body ${BYTES} NOT NULL`),
  ],
};
