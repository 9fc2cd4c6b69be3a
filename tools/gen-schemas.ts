/** Writes the JSON Schemas of both reports to docs/api from their definition in src/findings. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publishedSchemas } from './published-schemas.ts';

const folder = join(fileURLToPath(import.meta.url), '../../docs/api');
mkdirSync(folder, { recursive: true });
for (const { file, text } of publishedSchemas()) {
  writeFileSync(join(folder, file), text);
  console.log(`docs/api/${file}`);
}
