import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createFilesystemBlobs, sweepIncoming } from '../../src/adapters/blobs/filesystem.ts';
import { createFilesystemJournal, sweepJournal } from '../../src/adapters/journal/filesystem.ts';
import { type FixDeps, type FixRun, runFix } from '../../src/fix/index.ts';
import { createRegistry, openReference } from '../../src/image/index.ts';
import { noProgress, systemClock } from '../../src/kernel/index.ts';
import { defaultRequest } from './fix-world.ts';
import { createToyFixer, scanToy, toyVersions, toyWorld } from './toy-fixer.ts';

/** Repository of the crash tests in the fake registry. */
export const crashRepository = 'team/app';

/**
 * Runs one fix of the toy world as the command line would: files in a data directory, a registry over HTTP. Leftovers
 * of dead processes are swept first.
 */
export async function runCrashFix(
  host: string,
  dataDirectory: string,
  faultPoint: NonNullable<FixDeps['faultPoint']> = () => {},
): Promise<FixRun> {
  const blobDirectory = join(dataDirectory, 'blobs');
  const journalDirectory = join(dataDirectory, 'fixes');
  await Promise.all([sweepIncoming(blobDirectory), sweepJournal(journalDirectory, 0)]);
  await using registry = createRegistry({ settings: new Map([[host, { insecure: true }]]) });
  const world = toyWorld();
  return await runFix(
    { ...defaultRequest, reference: `${host}/${crashRepository}:v1`, attach: ['sbom', 'vex', 'provenance'] },
    {
      openReference: (reference, signal) => openReference(reference, { registry }, signal),
      openTarget: () => Promise.reject(new Error('the result goes to the repository of the source')),
      scan: (image, signal) => scanToy(world, image, signal),
      fixers: [createToyFixer(world)],
      versions: () => toyVersions,
      blobs: createFilesystemBlobs(blobDirectory),
      journal: createFilesystemJournal(journalDirectory),
      clock: systemClock,
      progress: noProgress,
      newId: randomUUID,
      version: '0.1.0',
      signer: undefined,
      faultPoint,
    },
    new AbortController().signal,
  );
}
