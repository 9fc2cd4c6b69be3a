import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { root } from '../arch/source-tree.ts';

/** Documents whose schema is published: by their standard (test/schemas) or by us (docs/api). */
export type SchemaName = 'cyclonedx' | 'spdx' | 'sarif' | 'report' | 'fix-report' | 'diff' | 'gate';

const files: Readonly<Record<SchemaName, readonly string[]>> = {
  cyclonedx: ['test/schemas/bom-1.6.schema.json', 'test/schemas/spdx.schema.json', 'test/schemas/jsf-0.82.schema.json'],
  spdx: ['test/schemas/spdx-2.3.schema.json'],
  sarif: ['test/schemas/sarif-2.1.0.schema.json'],
  report: ['docs/api/report.schema.json'],
  diff: ['docs/api/diff.schema.json'],
  gate: ['docs/api/gate.schema.json'],
  'fix-report': ['docs/api/fix-report.schema.json'],
};

const compiled = new Map<SchemaName, ValidateFunction>();

/** A function that lists what is wrong with a document; an empty list means that it is valid. */
export function validator(name: SchemaName): (document: unknown) => readonly string[] {
  const validate = compiled.get(name) ?? compile(name);
  compiled.set(name, validate);
  return (document) => {
    // What counts is what a reader gets after the way through text.
    if (validate(JSON.parse(JSON.stringify(document)))) return [];
    return (validate.errors ?? []).map(
      (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
    );
  };
}

function compile(name: SchemaName): ValidateFunction {
  const [main, ...others] = files[name].map((file) => JSON.parse(readFileSync(join(root, file), 'utf8')));
  // The SARIF schema holds a pattern that is only valid in the older regular-expression syntax.
  const options = { strict: false, allErrors: true, logger: false, unicodeRegExp: false } as const;
  const ajv = main.$schema.includes('2020-12') ? new Ajv2020(options) : new Ajv(options);
  formats.default(ajv);
  // Formats of later drafts, by the wider rule of the one that is there.
  ajv.addFormat('iri-reference', true);
  ajv.addFormat('idn-email', true);
  for (const schema of others) ajv.addSchema(schema);
  return ajv.compile(main);
}
