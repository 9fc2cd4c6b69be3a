import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const packed = /\.(js|css|html|svg)$/;

/** Writes every text file a second and third time, compressed: the server sends what the browser understands. */
export function compressed(): Plugin {
  return {
    name: 'drydock-compressed',
    // When everything is written: until then Vite still fills in names.
    async writeBundle({ dir = '' }, bundle) {
      for (const name of Object.keys(bundle).filter((file) => packed.test(file))) {
        const bytes = await readFile(join(dir, name));
        const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
        await writeFile(join(dir, `${name}.br`), brotliCompressSync(bytes, { params }));
        await writeFile(join(dir, `${name}.gz`), gzipSync(bytes, { level: 9 }));
      }
    },
  };
}
