import { join } from 'node:path';
import { createFilesystemBlobs, sweepIncoming } from '../../adapters/blobs/filesystem.ts';
import { createFilesystemAnalysisCache } from '../../adapters/cache/filesystem.ts';
import { createDpkgFixer } from '../../ecosystems/dpkg/fix/index.ts';
import { createDebReader, type Mirror } from '../../ecosystems/index.ts';
import { ecosystems } from '../../ecosystems/list.ts';
import { openReference } from '../../image/index.ts';
import { openOnboarded, type RegistryAccessOptions, type RegistryStore } from '../../inventory/index.ts';
import { systemClock } from '../../kernel/index.ts';
import { scanImage } from '../../scan/index.ts';
import {
  detectorCatalogue,
  type FixTaskWork,
  type ImageScanner,
  type OpenedPlanEngine,
  scanChoices,
} from '../../service/index.ts';
import { advisoryService } from '../advisories-wiring.ts';
import { analysisFolder } from '../analysis-cache.ts';
import { openDetecting } from '../detecting.ts';
import { openTarget, readSigner } from '../fix-wiring.ts';
import { archiveDeps } from '../repository-wiring.ts';
import type { Settings } from '../settings.ts';
import { version } from '../version.ts';
import { builtFolder } from './built-retention.ts';
import type { ServiceOptions } from './options.ts';
import { generation } from './registry-access.ts';
import type { ServiceStore } from './store.ts';

/**
 * Scans against the advisories that are active when a scan begins, for what the installation chose to look for.
 * @param store images of the inventory, to recognise base images by; and the choices.
 */
export function imageScanner(
  settings: Settings,
  { scanners }: Pick<ServiceOptions, 'scanners'>,
  store: Pick<ServiceStore, 'findings' | 'masterKey'>,
): ImageScanner {
  const cache = createFilesystemAnalysisCache(analysisFolder(settings));
  const detecting = openDetecting(settings, store.masterKey);
  return {
    generation,
    async scan(image, signal, progress) {
      const { policy, secrets, sensitive } = await scanChoices(store.findings, detectorCatalogue);
      const asked = scanners.filter((name) => sensitive || name !== 'secret');
      using index = await advisoryService(settings).open();
      // Awaited here: the advisories are closed when this returns.
      return await scanImage({
        image,
        index,
        ecosystems,
        cache,
        clock: systemClock,
        toolVersion: version,
        known: store.findings,
        ...(await detecting.of({ scanners: asked, policy, secrets })),
        vulnerabilities: asked.includes('vuln'),
        signal,
        progress,
      });
    },
  };
}

/**
 * The fix engine with the credentials of one image's registry; all its scans use one snapshot of advisories. Disposing
 * closes what was opened for this fix.
 */
export async function openFixEngine(
  settings: Settings,
  registries: { readonly store: Pick<RegistryStore, 'secrets'>; readonly access: RegistryAccessOptions },
  { task, image }: Pick<FixTaskWork, 'image'> & { readonly task: Pick<FixTaskWork['task'], 'id'> },
): Promise<OpenedPlanEngine> {
  const packages = createFilesystemBlobs(join(settings.dataDirectory, 'blobs'));
  const built = join(builtFolder(settings.dataDirectory), task.id);
  // What a killed run was writing.
  await sweepIncoming(built);
  const cache = createFilesystemAnalysisCache(analysisFolder(settings));
  const signKey = settings.config.fix?.signingKey;
  const signer = signKey === undefined ? undefined : await readSigner(signKey);
  const secrets = await registries.store.secrets(image.registry.id);
  const { registry, host } = openOnboarded(image.registry, secrets?.password ?? null, registries.access);
  const planner = { ...(await archiveDeps(settings)), blobs: packages, reader: createDebReader() };
  const index = await advisoryService(settings).open();
  const common = { index, ecosystems, cache, clock: systemClock, toolVersion: version, verifyDiffIds: true };
  return {
    // The index, where there is one: the fix rebuilds it around the platforms that it touches.
    reference: `${host}/${image.repository.path}@${image.indexDigest ?? image.digest}`,
    deps: {
      openReference: (reference, signal) => openReference(reference, { registry }, signal),
      openTarget: (reference) => openTarget(reference, registry),
      scan: (handle, signal, progress) => scanImage({ ...common, image: handle, signal, progress }),
      fixers: [createDpkgFixer(planner)],
      versions: (id) => ecosystems.find((ecosystem) => ecosystem.id === id)?.versions,
      blobs: createFilesystemBlobs(built),
      clock: systemClock,
      version,
      signer,
    },
    mirror: (archive) => mirrorText(planner.config.archives[archive]?.[0]),
    async [Symbol.asyncDispose]() {
      index[Symbol.dispose]();
      await Promise.all([registry.close(), planner.http.close()]);
    },
  };
}

/** Where a mirror is, for people who may not see folders of this machine. */
function mirrorText(mirror: Mirror | undefined): string | null {
  if (mirror === undefined) return null;
  if ('bundle' in mirror) return 'offline bundle';
  return mirror.base.startsWith('file:') ? 'local directory' : mirror.base;
}
