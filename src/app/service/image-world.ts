import { join } from 'node:path';
import { createFilesystemBlobs } from '../../adapters/blobs/filesystem.ts';
import { createFilesystemAnalysisCache } from '../../adapters/cache/filesystem.ts';
import { createDpkgFixer } from '../../ecosystems/dpkg/fix/index.ts';
import { createDebReader } from '../../ecosystems/index.ts';
import { ecosystems } from '../../ecosystems/list.ts';
import { type ImageHandle, openReference } from '../../image/index.ts';
import {
  type InventoryImage,
  type OpenedRegistry,
  openOnboarded,
  type RegistryAccessOptions,
  type RegistryStore,
} from '../../inventory/index.ts';
import { environmentProxies, noProgress, systemClock } from '../../kernel/index.ts';
import { analyserGeneration, scanImage } from '../../scan/index.ts';
import type { ImageScanner, InventoryImages, OpenedFixEngine } from '../../service/index.ts';
import { advisoryService } from '../advisories-wiring.ts';
import { openTarget, readSigner } from '../fix-wiring.ts';
import { archiveDeps } from '../repository-wiring.ts';
import type { Settings } from '../settings.ts';
import { userAgent, version } from '../version.ts';
import type { ServiceOptions } from './options.ts';

/** Rises with the analysers of this version. */
export const generation = analyserGeneration(ecosystems);

/** How onboarded registries are reached from this installation. */
export function registryAccess(
  settings: Settings,
  options: Pick<ServiceOptions, 'registryAllow'>,
  sealer: RegistryAccessOptions['sealer'],
): RegistryAccessOptions {
  const realms = Object.values(settings.config.registries ?? {}).flatMap(({ trustedRealms }) => trustedRealms ?? []);
  return {
    sealer,
    clock: systemClock,
    userAgent,
    allowedAddresses: options.registryAllow,
    proxies: environmentProxies(settings.env),
    ...(realms.length > 0 && { trustedRealms: realms }),
  };
}

/** Opens a client of the registry that an image of the inventory is in. */
export type OpenRegistryOf = (image: InventoryImage) => Promise<OpenedRegistry>;

/** Clients of registries by their records, with the password of each. */
export function registryOpener(store: Pick<RegistryStore, 'secrets'>, access: RegistryAccessOptions): OpenRegistryOf {
  return async ({ registry }) => {
    const secrets = await store.secrets(registry.id);
    return openOnboarded(registry, secrets?.password ?? null, access);
  };
}

/** Reference of an image by what it is, not by its tag. */
function referenceOf(image: InventoryImage, host: string, whole: boolean): string {
  const digest = whole ? (image.indexDigest ?? image.digest) : image.digest;
  return `${host}/${image.repository.path}@${digest}`;
}

/** Opens images of the inventory by digest, each with a client of its own that is closed with it. */
export function inventoryImages(open: OpenRegistryOf): InventoryImages {
  return {
    async open(image, signal) {
      const { registry, host } = await open(image);
      try {
        const opened = await openReference(referenceOf(image, host, false), { registry }, signal);
        const handle: ImageHandle = await opened.image(undefined, signal);
        return {
          image: handle,
          async [Symbol.asyncDispose]() {
            await opened[Symbol.asyncDispose]();
            await registry.close();
          },
        };
      } catch (error) {
        await registry.close();
        throw error;
      }
    },
  };
}

/** Scans against the advisories that are active when a scan begins. */
export function imageScanner(settings: Settings): ImageScanner {
  const cache = createFilesystemAnalysisCache(join(settings.cacheDirectory, 'layers'));
  return {
    generation,
    async scan(image, signal, progress) {
      using index = await advisoryService(settings).open();
      return scanImage({ image, index, ecosystems, cache, clock: systemClock, toolVersion: version, signal, progress });
    },
  };
}

/** The fix engine with the credentials of one image's registry; disposing closes its connections. */
export async function fixEngine(
  settings: Settings,
  open: OpenRegistryOf,
  image: InventoryImage,
): Promise<OpenedFixEngine> {
  const blobs = createFilesystemBlobs(join(settings.dataDirectory, 'blobs'));
  const planner = { ...(await archiveDeps(settings)), blobs, reader: createDebReader() };
  const signKey = settings.config.fix?.signingKey;
  const signer = signKey === undefined ? undefined : await readSigner(signKey);
  const { registry, host } = await open(image);
  // All scans of one fix use one snapshot.
  const index = await advisoryService(settings).open();
  const cache = createFilesystemAnalysisCache(join(settings.cacheDirectory, 'layers'));
  return {
    reference: referenceOf(image, host, true),
    deps: {
      openReference: (reference, signal) => openReference(reference, { registry }, signal),
      openTarget: (reference) => openTarget(reference, registry),
      scan: (handle, signal, progress = noProgress) =>
        scanImage({
          ...{ image: handle, index, ecosystems, cache, clock: systemClock, toolVersion: version },
          ...{ signal, progress, verifyDiffIds: true },
        }),
      fixers: [createDpkgFixer(planner)],
      versions: (id) => ecosystems.find((ecosystem) => ecosystem.id === id)?.versions,
      blobs,
      clock: systemClock,
      version,
      signer,
    },
    async [Symbol.asyncDispose]() {
      index[Symbol.dispose]();
      await Promise.all([registry.close(), planner.http.close()]);
    },
  };
}
