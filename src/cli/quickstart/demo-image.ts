import { Readable } from 'node:stream';
import {
  assembleRootfs,
  type Candidate,
  createDpkgPlanner,
  minimalSystem,
  openArchive,
  type PlannerDeps,
  type Upgrade,
} from '../../ecosystems/index.ts';
import {
  type BlobStore,
  buildUnionView,
  createLayerWriter,
  type Digest,
  digestOf,
  type ImageRepository,
  mediaTypes,
  type Platform,
  parseManifestDocument,
  type WrittenLayer,
} from '../../image/index.ts';
import { CodedError, type Progress } from '../../kernel/index.ts';

/** `download_failed`: packages that the signed index lists cannot be had from the mirror. */
export class QuickstartError extends CodedError<'download_failed' | 'unsupported_machine'> {}

/** The demonstration image, and what it took. */
export interface DemoImage {
  readonly digest: Digest;
  /** Package files in the blob store. */
  readonly packages: readonly Digest[];
  /** Date of the signed index that the packages come from. */
  readonly suiteDate: string;
}

/** Where the demonstration image goes; the repository is opened when the image is ready. */
interface DemoTarget {
  readonly repository: () => Promise<ImageRepository>;
  readonly tag: string;
}

const debian11 = { id: 'debian', versionId: '11', codename: 'bullseye', prettyName: 'Debian 11', path: '' } as const;
const architectures: Readonly<Record<string, string>> = { amd64: 'amd64', arm64: 'arm64' };

/**
 * Assembles a real, old Debian 11 minimal image from the signed packages of the frozen main suite: payloads and
 * package database, no script is run. Its time is that of the suite, so the same suite gives the same image.
 * @throws RepositoryError, QuickstartError
 */
export async function assembleDemoImage(
  target: DemoTarget,
  deps: PlannerDeps,
  platform: Platform,
  progress: Progress,
  signal: AbortSignal,
): Promise<DemoImage> {
  const arch = architectures[platform.architecture];
  if (arch === undefined) {
    throw new QuickstartError('unsupported_machine', `no demonstration image for ${platform.architecture}`, {
      hint: 'It exists for amd64 and arm64; scan and fix work for images of every architecture.',
    });
  }
  const universe = await openArchive(debian11, arch, deps, signal);
  const candidates = minimalSystem(universe);
  const suiteDate = universe.indexes[0]?.date ?? '2021-08-14T00:00:00Z';
  progress({ kind: 'stage', stage: 'download', detail: `${candidates.length} packages` });
  await download(candidates, deps, platform, suiteDate, progress, signal);
  progress({ kind: 'stage', stage: 'assemble', detail: 'root file system' });
  const layer = await writeRootfs(candidates, deps, platform, suiteDate, signal);
  const digest = await store(target, layer, deps.blobs, platform, suiteDate, signal);
  await deps.blobs.remove(layer.digest);
  return { digest, packages: candidates.map(digestOfPackage), suiteDate };
}

function digestOfPackage({ sha256 }: Candidate): Digest {
  return `sha256:${sha256}`;
}

async function download(
  candidates: readonly Candidate[],
  deps: PlannerDeps,
  platform: Platform,
  plannedAt: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const upgrades = candidates.map(
    (candidate): Upgrade => ({
      name: candidate.name,
      arch: candidate.arch,
      source: candidate.source,
      from: null,
      to: candidate.version,
      repository: `${candidate.archive} ${candidate.suite}/${candidate.component}`,
      path: candidate.path,
      archive: candidate.archive,
      sha256: candidate.sha256,
      size: candidate.size,
      reason: 'requested',
    }),
  );
  const size = upgrades.reduce((sum, upgrade) => sum + upgrade.size, 0);
  const missing = await createDpkgPlanner(deps).fetch(
    {
      schema: 1,
      ecosystem: 'dpkg',
      revision: 1,
      plannedAt,
      platform,
      indexes: [],
      upgrades,
      outcomes: [],
      estimate: { download: size, layer: size },
      diagnostics: [],
    },
    signal,
    progress,
  );
  const [first] = missing;
  if (!first) return;
  throw new QuickstartError('download_failed', `${missing.length} packages cannot be had: ${first.detail}`, {
    hint: 'Try another mirror with --mirror URL.',
  });
}

async function writeRootfs(
  candidates: readonly Candidate[],
  deps: PlannerDeps,
  platform: Platform,
  suiteDate: string,
  signal: AbortSignal,
): Promise<WrittenLayer> {
  const { blobs, reader } = deps;
  const view = buildUnionView([], []);
  const writer = createLayerWriter({ view, store: blobs, mediaType: mediaTypes.ociLayerGzip, signal });
  const packages = candidates.map((candidate) => ({
    name: candidate.name,
    open: () => blobs.open(digestOfPackage(candidate), signal),
  }));
  try {
    await assembleRootfs(packages, writer, { blobs, reader, at: new Date(suiteDate), platform, signal });
    return await writer.close();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

async function store(
  target: DemoTarget,
  layer: WrittenLayer,
  blobs: BlobStore,
  platform: Platform,
  created: string,
  signal: AbortSignal,
): Promise<Digest> {
  const history = [{ created, created_by: 'drydock quickstart: Debian 11 main, assembled from signed packages' }];
  const config = Buffer.from(
    JSON.stringify({
      created,
      architecture: platform.architecture,
      os: platform.os,
      config: { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], Cmd: ['bash'] },
      rootfs: { type: 'layers', diff_ids: [layer.diffId] },
      history,
    }),
  );
  const configDescriptor = { mediaType: mediaTypes.ociConfig, digest: digestOf(config), size: config.length };
  const layerDescriptor = { mediaType: layer.mediaType, digest: layer.digest, size: layer.size };
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      config: configDescriptor,
      layers: [layerDescriptor],
    }),
  );
  const repository = await target.repository();
  await repository.putBlob(layerDescriptor, () => blobs.open(layer.digest, signal), { signal });
  await repository.putBlob(configDescriptor, async () => Readable.from([config]), { signal });
  await repository.putManifest(bytes, mediaTypes.ociManifest, signal);
  await repository.putTag(target.tag, parseManifestDocument(bytes, mediaTypes.ociManifest, digestOf(bytes)), signal);
  return digestOf(bytes);
}
