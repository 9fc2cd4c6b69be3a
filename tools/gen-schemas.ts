/** Writes the JSON Schemas of reports, comparisons, verdicts and policies and the description of the native API to docs/api from their definitions. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publishedDescription, publishedSchemas } from './published-schemas.ts';

const folder = join(fileURLToPath(import.meta.url), '../../docs/api');
mkdirSync(folder, { recursive: true });
const description = { file: 'openapi.json', text: await publishedDescription() };
for (const { file, text } of [...publishedSchemas(), description]) {
  writeFileSync(join(folder, file), text);
  console.log(`docs/api/${file}`);
}
