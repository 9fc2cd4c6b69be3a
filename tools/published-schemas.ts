import { z } from 'zod';
import { describeNativeApi } from '../src/api/native/description.ts';
import { comparisonSchema } from '../src/findings/compare/comparison-schema.ts';
import { fixReportSchema } from '../src/findings/fix-report-schema.ts';
import { policySchema } from '../src/findings/gate/policy-schema.ts';
import { gateVerdictSchema } from '../src/findings/gate/verdict-schema.ts';
import { scanReportSchema } from '../src/findings/report-schema.ts';

/** The schema files of docs/api with their content, as they must stand there. */
export function publishedSchemas(): readonly { readonly file: string; readonly text: string }[] {
  return [
    { file: 'diff.schema.json', text: schemaText('The comparison of two scans, schema version 1', comparisonSchema) },
    { file: 'fix-report.schema.json', text: schemaText('The fix report, schema version 1', fixReportSchema) },
    { file: 'gate.schema.json', text: schemaText('The verdict of a policy, schema version 1', gateVerdictSchema) },
    { file: 'policy.schema.json', text: schemaText('A policy file, version 1', policySchema) },
    { file: 'report.schema.json', text: schemaText('The scan report, schema version 1', scanReportSchema) },
  ];
}

function schemaText(title: string, schema: z.ZodType): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12' });
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
}

/** The description of the native API as it must stand in docs/api/openapi.json. */
export async function publishedDescription(): Promise<string> {
  return `${JSON.stringify(await describeNativeApi(), null, 1)}\n`;
}
