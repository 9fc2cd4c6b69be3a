/** Writes the pages that follow from the code: JSON Schemas, the description of the native API, supported ecosystems, checks, data of the console. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checksPage, renderChecksPage } from './checks-page.ts';
import { consoleData, consoleDataFiles } from './console-data.ts';
import { publishedDescription, publishedSchemas } from './published-schemas.ts';
import { renderSupportedPage, supportedPage } from './supported-page.ts';

const folder = join(fileURLToPath(import.meta.url), '../../docs/api');
mkdirSync(folder, { recursive: true });
const description = { file: 'openapi.json', text: await publishedDescription() };
for (const { file, text } of [...publishedSchemas(), description]) {
  writeFileSync(join(folder, file), text);
  console.log(`docs/api/${file}`);
}
writeFileSync(join(folder, '../..', supportedPage), renderSupportedPage());
console.log(supportedPage);
writeFileSync(join(folder, '../..', checksPage), renderChecksPage());
console.log(checksPage);
mkdirSync(join(folder, '../..', consoleData), { recursive: true });
for (const { file, text } of consoleDataFiles()) {
  writeFileSync(join(folder, '../..', consoleData, file), text);
  console.log(`${consoleData}/${file}`);
}
