import type { Command } from 'commander';
import type { GateVerdict, Policy } from '../findings/index.ts';
import { exitCodes } from './exit-codes.ts';
import { UsageError } from './output/errors.ts';
import { parseOutputs } from './output/outputs.ts';
import { plainFormats, printDocument } from './output/print-document.ts';
import type { ReportDeps } from './reports/contract.ts';
import { runReportCommand } from './reports/run-command.ts';
import { addDecisionOptions, type DecisionOptions, openSettlement } from './reports/settle.ts';
import {
  addProgressOptions,
  addSourceOptions,
  collect,
  openProgress,
  type ProgressOptions,
  parseSource,
  referenceHelp,
  type SourceOptions,
  severalReports,
} from './reports/source-options.ts';

interface GateOptions extends SourceOptions, DecisionOptions, ProgressOptions {
  readonly policy?: string;
  readonly format?: readonly string[];
  readonly json?: boolean;
  readonly color?: boolean;
}

/** Adds `drydock gate` to the program; nothing heavy is loaded before it runs. */
export function registerGate(program: Command, load: () => Promise<ReportDeps>): void {
  const command = program
    .command('gate')
    .description('judge images by a policy: exit with 0 when they pass and with 3 when they do not')
    .argument('<reference...>', referenceHelp)
    .option('--policy <file>', 'the policy (YAML, docs/howto/write-a-policy.md)');
  addDecisionOptions(addSourceOptions(command))
    .optionsGroup('Output:')
    .option(
      '-o, --format <format[=file]>',
      'table or json, repeatable. Several images give one JSON document per line',
      collect,
    )
    .option('--json', 'same as -o json');
  addProgressOptions(command).action((references: readonly string[], options: GateOptions) =>
    runReportCommand(load, options, (deps) => gate(references, options, deps)),
  );
}

async function gate(references: readonly string[], options: GateOptions, deps: ReportDeps): Promise<number> {
  const outputs = parseOutputs(options, plainFormats);
  const source = await parseSource(options);
  const { policy, sha256 } = await readPolicy(options.policy, deps);
  const settle = await openSettlement(options, deps);
  const { evaluatePolicy } = await import('../findings/index.ts');
  const view = openProgress(options, deps.terminal);
  const { eachReport } = await import('./reports/read-reports.ts');
  const verdicts: GateVerdict[] = [];
  let failure: number | undefined;
  try {
    const saved = references.every((reference) => reference.startsWith('report:'));
    await using scanner = await deps.openScanner({ advisories: !saved });
    const run = { scanner, deps, view, source };
    ({ failure } = await eachReport(references, run, options.color, (scanned) => {
      const report = settle(scanned);
      const { toolVersion, clock } = deps;
      verdicts.push(evaluatePolicy({ policy, policySha256: sha256, report, now: clock.now(), toolVersion }));
    }));
  } finally {
    view.close();
  }
  const { writeVerdict } = await import('../exports/index.ts');
  const several = severalReports(references, source);
  if (verdicts.length > 0) {
    await printDocument(outputs, deps, options.color, async (format, out, looks) => {
      for (const [at, verdict] of verdicts.entries()) {
        if (format.id === 'json' && several) out.write(`${JSON.stringify(verdict)}\n`);
        else {
          if (at > 0) out.write('\n');
          await writeVerdict(verdict, format.id, out, looks);
        }
      }
    });
  }
  return verdicts.some(({ verdict }) => verdict === 'fail') ? exitCodes.threshold : (failure ?? exitCodes.ok);
}

/** @throws UsageError when no policy is named; PolicyError when it is none */
async function readPolicy(
  path: string | undefined,
  deps: Pick<ReportDeps, 'readFile'>,
): Promise<{ readonly policy: Policy; readonly sha256: string }> {
  if (path === undefined) {
    throw new UsageError('no policy is named', 'Give --policy FILE; docs/howto/write-a-policy.md shows one.');
  }
  const [{ PolicyError, parsePolicy, policyBytes }, { createHash }] = await Promise.all([
    import('../findings/index.ts'),
    import('node:crypto'),
  ]);
  let bytes: Uint8Array;
  try {
    bytes = await deps.readFile(path, policyBytes);
  } catch (cause) {
    throw new PolicyError('policy_unreadable', `cannot read the policy ${path}`, { cause });
  }
  return { policy: await parsePolicy(bytes, path), sha256: createHash('sha256').update(bytes).digest('hex') };
}
