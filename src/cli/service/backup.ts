import type { Command } from 'commander';
import { reportError } from '../output/errors.ts';
import { byteText } from '../output/progress.ts';
import type { Terminal } from '../output/terminal.ts';

/** What an archive holds. */
export interface BackupSummary {
  readonly file: string;
  readonly bytes: number;
  readonly tables: number;
  readonly rows: number;
  /** Whether the master key is in it, sealed by the passphrase. */
  readonly withKey: boolean;
  /** RFC 3339. */
  readonly createdAt: string;
  /** Version of Drydock that wrote it. */
  readonly version: string;
}

/** What `backup` and `restore` are given. */
export interface BackupDeps {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** Writes one consistent archive while the service runs. */
  create(file: string, options: { readonly passphraseFile: string | undefined }): Promise<BackupSummary>;
  /** Reads the whole archive, compares every checksum, and writes nothing. */
  verify(file: string): Promise<BackupSummary>;
  /** Fills an empty installation; refuses any other. */
  restore(file: string, options: { readonly passphraseFile: string | undefined }): Promise<BackupSummary>;
  exit(code: number): void;
}

/** Adds `drydock backup create|verify` and `drydock restore`. */
export function registerBackup(program: Command, load: () => Promise<BackupDeps>): void {
  const backup = program.command('backup').description('copies of the service’s data, made while it runs');
  const passphrase = [
    '--passphrase-file <file>',
    'file with the passphrase that seals the master key inside the archive; without it the key is not included',
  ] as const;
  backup
    .command('create')
    .description('write one consistent archive; it can be restored on SQLite and on PostgreSQL')
    .argument('<file>', 'the archive to write')
    .option(...passphrase)
    .action((file: string, options: { passphraseFile?: string }) =>
      run(load, async (deps) => {
        const summary = await deps.create(file, { passphraseFile: options.passphraseFile });
        return `Wrote ${describe(summary)}${summary.withKey ? '' : noKey}`;
      }),
    );
  backup
    .command('verify')
    .description('read an archive, compare every checksum, restore nothing')
    .argument('<file>', 'an archive of `backup create`')
    .action((file: string) => run(load, async (deps) => `Sound: ${describe(await deps.verify(file))}`));
  program
    .command('restore')
    .description('fill an empty installation from an archive')
    .argument('<file>', 'an archive of `backup create`')
    .option(...passphrase)
    .action((file: string, options: { passphraseFile?: string }) =>
      run(load, async (deps) => {
        const summary = await deps.restore(file, { passphraseFile: options.passphraseFile });
        return `Restored ${describe(summary)}${summary.withKey ? '' : noKey}`;
      }),
    );
}

const noKey =
  'The master key is not in it: keep master.key of the data directory apart, sealed secrets cannot be opened without it.\n';

function describe({ file, bytes, tables, rows, createdAt, version }: BackupSummary): string {
  const size = `${rows.toLocaleString('en')} rows of ${tables} tables, ${byteText(bytes)}`;
  return `${file}: ${size}, made ${createdAt} by Drydock ${version}\n`;
}

async function run(load: () => Promise<BackupDeps>, work: (deps: BackupDeps) => Promise<string>): Promise<void> {
  const deps = await load();
  try {
    deps.terminal.stdout.write(await work(deps));
    deps.exit(0);
  } catch (error) {
    deps.exit(reportError(error, deps.terminal));
  }
}
