import type { Writable } from 'node:stream';
import { documentText, type ScanReport } from '../../findings/index.ts';
import type { ExportOptions } from '../contract.ts';
import { selectReport } from '../select.ts';
import { writeJson } from '../write-json.ts';
import { buildResults } from './results.ts';
import { buildRules } from './rules.ts';
import { plainMessage } from './severity.ts';

/** Writes SARIF 2.1.0, for code-scanning views. */
export async function writeSarif(report: ScanReport, out: Writable, options: ExportOptions): Promise<void> {
  await writeJson(out, buildSarif(selectReport(report, options)));
}

/** A SARIF 2.1.0 log with one run as plain JSON: one rule per vulnerability, one result per finding, none left out. */
function buildSarif(report: ScanReport): Readonly<Record<string, unknown>> {
  const { rules, indexOf } = buildRules(report);
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'Drydock', version: report.tool.version, semanticVersion: report.tool.version, rules },
        },
        automationDetails: { id: `drydock/${documentText(report.image.reference)}/${report.image.platform}` },
        originalUriBaseIds: {
          IMAGE: { description: { text: `Root directory of the image ${report.image.digest}` } },
        },
        invocations: [invocation(report)],
        results: buildResults(report, indexOf),
        columnKind: 'utf16CodeUnits',
        properties: {
          imageDigest: report.image.digest,
          platform: report.image.platform,
          advisorySnapshot: report.advisories.snapshot,
          advisoriesCreatedAt: report.advisories.createdAt,
          scanState: report.scan.state,
          resultsOmitted: 0,
        },
      },
    ],
  };
}

function invocation(report: ScanReport): object {
  return {
    executionSuccessful: report.scan.state !== 'unsupported',
    startTimeUtc: report.scan.startedAt,
    endTimeUtc: report.scan.finishedAt,
    toolExecutionNotifications: report.diagnostics.map((entry) => ({
      descriptor: { id: entry.code },
      level: entry.partial === true ? 'warning' : 'note',
      message: { text: plainMessage(entry.message) },
    })),
  };
}
