import { createPrivateKey, createPublicKey, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createFilesystemBlobs, sweepIncoming } from '../adapters/blobs/filesystem.ts';
import { writeOutput } from '../adapters/files.ts';
import { createFilesystemJournal, sweepJournal } from '../adapters/journal/filesystem.ts';
import type { FixCliDeps } from '../cli/fix.ts';
import { createDpkgFixer } from '../ecosystems/dpkg/fix/index.ts';
import { createDebReader, type PlannerDeps, type RepositoryConfig } from '../ecosystems/index.ts';
import { ecosystems } from '../ecosystems/list.ts';
import type { FixDeps, FixSigner, OpenedTarget } from '../fix/index.ts';
import { openOciLayout, parseReference, type Registry } from '../image/index.ts';
import { type Progress, systemClock } from '../kernel/index.ts';
import { ConfigError } from './errors.ts';
import { processParts } from './process.ts';
import { readSecretFile } from './registry-wiring.ts';
import { archiveDeps } from './repository-wiring.ts';
import { openScanner } from './scan-wiring.ts';
import { readSettings, type Settings } from './settings.ts';
import { version } from './version.ts';

/** Wires `drydock fix`. */
export async function loadFix(): Promise<FixCliDeps> {
  const parts = processParts();
  return {
    ...parts,
    writeFile: writeOutput,
    fixDeps: async ({ progress, signKey }) => {
      const settings = await readSettings(parts.terminal.env);
      const { fix, ...engine } = await openEngine(settings, { progress, signKey });
      return { ...fix, [Symbol.asyncDispose]: engine[Symbol.asyncDispose] };
    },
  };
}

/** The fix engine's world on this machine. */
export interface Engine extends AsyncDisposable {
  readonly fix: FixDeps;
  readonly planner: PlannerDeps;
}

/** Opens everything that a fix uses; disposing closes connections and the advisory index. */
export async function openEngine(
  settings: Settings,
  options: { progress: Progress; signKey?: string | undefined; repositories?: RepositoryConfig },
): Promise<Engine> {
  const blobDirectory = join(settings.dataDirectory, 'blobs');
  const journalDirectory = join(settings.dataDirectory, 'fixes');
  // What killed runs left behind goes first, so that disk use is bounded by what is really needed.
  await Promise.all([sweepIncoming(blobDirectory), sweepJournal(journalDirectory)]);
  const signKey = options.signKey ?? settings.config.fix?.signingKey;
  const signer = signKey === undefined ? undefined : await readSigner(signKey);
  const blobs = createFilesystemBlobs(blobDirectory);
  const planner = { ...(await archiveDeps(settings, options.repositories)), blobs, reader: createDebReader() };
  const scanner = await openScanner(settings);
  const fix: FixDeps = {
    openReference: scanner.open,
    openTarget: (reference) => openTarget(reference, scanner.registry),
    scan: (image, signal, progress) => scanner.scan(image, { signal, progress, verifyDiffIds: true }),
    fixers: [createDpkgFixer(planner)],
    versions: (id) => ecosystems.find((ecosystem) => ecosystem.id === id)?.versions,
    blobs,
    journal: createFilesystemJournal(journalDirectory),
    clock: systemClock,
    progress: options.progress,
    newId: randomUUID,
    version,
    signer,
  };
  const dispose = async (): Promise<void> => {
    await Promise.all([scanner[Symbol.asyncDispose](), planner.http.close()]);
  };
  return { fix, planner, [Symbol.asyncDispose]: dispose };
}

/** The repository that a reference names, opened for writing: `oci:DIR` or a registry. @throws ConfigError */
export async function openTarget(text: string, registry: Registry) {
  const reference = parseReference(text);
  if (reference.scheme === 'oci') {
    return owned(await openOciLayout(reference.directory, { create: true }));
  }
  if (reference.scheme === 'registry') return owned(registry.repository(reference));
  throw new ConfigError('config_invalid', `the result cannot be written to ${text}`, {
    hint: 'Use --output oci:DIR or --output REGISTRY/REPOSITORY.',
  });
}

/** The registry client outlives its repositories, and a layout holds nothing open: there is nothing to release. */
function owned(repository: OpenedTarget['repository']): OpenedTarget {
  return { repository, [Symbol.asyncDispose]: async () => {} };
}

/** The key that signs attached statements. @throws ConfigError */
export async function readSigner(path: string): Promise<FixSigner> {
  const pem = await readSecretFile(path);
  try {
    const privateKey = createPrivateKey(pem);
    return { privateKey, publicKey: createPublicKey(privateKey) };
  } catch (cause) {
    throw new ConfigError('config_invalid', `${path} is not a private key in PEM form`, {
      cause,
      hint: 'Make one with `openssl genpkey -algorithm ed25519 -out signing.pem`.',
    });
  }
}
