import { Command } from 'commander';
import { registerDb } from '../cli/db.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import { registerFix } from '../cli/fix.ts';
import { registerQuickstart } from '../cli/quickstart.ts';
import { registerScan } from '../cli/scan.ts';
import { version } from './version.ts';

/** The command line: every command, each wired only when it runs, so that `--version` loads next to nothing. */
export function createProgram(): Command {
  const program = new Command('drydock')
    .description('Self-hosted security center for container images: scan, fix from signed packages, prove by rescan.')
    .version(version, '-V, --version')
    .showHelpAfterError('(`drydock COMMAND --help` shows what is possible)')
    .configureHelp({ sortSubcommands: false })
    .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.ok : exitCodes.usage));
  registerScan(program, async () => (await import('./scan-wiring.ts')).loadScan());
  registerFix(program, async () => (await import('./fix-wiring.ts')).loadFix());
  registerDb(program, async () => (await import('./advisories-wiring.ts')).loadDb());
  registerQuickstart(program, async () => (await import('./quickstart-wiring.ts')).loadQuickstart());
  return program;
}
