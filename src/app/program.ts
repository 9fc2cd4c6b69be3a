import { Command } from 'commander';
import { registerDb } from '../cli/db.ts';
import { registerDiff } from '../cli/diff.ts';
import { applyEnvironment } from '../cli/environment.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import { registerFix } from '../cli/fix.ts';
import { registerGate } from '../cli/gate.ts';
import { reportError } from '../cli/output/errors.ts';
import { processTerminal } from '../cli/output/terminal.ts';
import { registerQuickstart } from '../cli/quickstart.ts';
import { registerRules } from '../cli/rules.ts';
import { registerSbom } from '../cli/sbom.ts';
import { registerScan } from '../cli/scan.ts';
import { registerAccess } from '../cli/service/access.ts';
import { registerBackup } from '../cli/service/backup.ts';
import { registerDoctor } from '../cli/service/doctor.ts';
import { registerExport } from '../cli/service/export.ts';
import { registerIgnore } from '../cli/service/ignore.ts';
import { registerImage } from '../cli/service/image.ts';
import { registerNotify } from '../cli/service/notify.ts';
import { registerPackage } from '../cli/service/package.ts';
import { registerRegistry } from '../cli/service/registry.ts';
import { registerServe } from '../cli/service/serve.ts';
import { registerTask } from '../cli/service/task.ts';
import { registerVuln } from '../cli/service/vuln.ts';
import { version } from './version.ts';

/** The command line: every command, each wired only when it runs, so that `--version` loads next to nothing. */
function createProgram(): Command {
  const program = new Command('drydock')
    .description('Self-hosted security center for container images: scan, fix from signed packages, prove by rescan.')
    .version(version, '-V, --version')
    .showHelpAfterError('(`drydock COMMAND --help` shows what is possible)')
    .configureHelp({ sortSubcommands: false })
    .addHelpText(
      'after',
      '\nEvery option has a variable too, for example DRYDOCK_FIX_TAG_SUFFIX for `fix --tag-suffix`.',
    )
    .hook('preAction', (_, command) => applyEnvironment(command, process.env))
    .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.ok : exitCodes.usage));
  const loadReports = async () => (await import('./scan-wiring.ts')).loadScan();
  registerScan(program, loadReports);
  registerSbom(program, loadReports);
  registerDiff(program, loadReports);
  registerGate(program, loadReports);
  registerFix(program, async () => (await import('./fix-wiring.ts')).loadFix());
  registerDb(program, async () => (await import('./advisories-wiring.ts')).loadDb());
  registerRules(program, async () => (await import('./rules-wiring.ts')).loadRules());
  registerQuickstart(program, async () => (await import('./quickstart-wiring.ts')).loadQuickstart());
  registerService(program);
  return program;
}

/** The service, and the commands over its API. */
function registerService(program: Command): void {
  registerServe(program, async () => (await import('./service/serve-wiring.ts')).loadServe());
  const loadApi = async () => (await import('./service/api-wiring.ts')).loadApi();
  registerRegistry(program, loadApi);
  registerImage(program, loadApi);
  registerVuln(program, loadApi);
  registerPackage(program, loadApi);
  registerTask(program, loadApi);
  registerIgnore(program, loadApi);
  registerNotify(program, loadApi);
  registerAccess(program, loadApi);
  registerDoctor(program, async () => (await import('./service/doctor-wiring.ts')).loadDoctor());
  registerBackup(program, async () => (await import('./service/backup-wiring.ts')).loadBackup());
  registerExport(program, loadApi, async (...download) =>
    (await import('./service/save-download.ts')).saveDownload(...download),
  );
}

/** Runs the command line of this process. What fails before a command has begun, such as its wiring, is told here. */
export async function runProgram(): Promise<void> {
  try {
    await createProgram().parseAsync();
  } catch (error) {
    process.exitCode = reportError(error, processTerminal());
  }
}
