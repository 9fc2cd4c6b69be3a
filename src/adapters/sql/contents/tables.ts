/** Tables of 0011-image-configs. */
export interface ContentTables {
  image_config: { manifest_id: number; body: Uint8Array };
}
