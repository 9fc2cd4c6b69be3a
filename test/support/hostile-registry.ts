import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { Credentials } from '../../src/image/registry/credentials/credentials.ts';
import type { RegistryLimits, RegistrySettings } from '../../src/image/registry/settings.ts';
import type { ImageRepository } from '../../src/image/repository.ts';
import { openRegistryImage } from '../../src/image/sources/registry.ts';
import type { FakeRegistry, FakeRegistryOptions } from './fake-registry.ts';
import { type ConnectedFake, connectedFake } from './registry-client.ts';
import { buildTestImage, sha256, tar } from './test-image.ts';

/** Ends a test that a hostile server would otherwise hold for ever. */
export const signal = AbortSignal.timeout(60_000);
/** A secret that must never appear in a message or at a wrong server. */
export const canary = 'canary-password';
/** Credentials that hold the canary. */
export const user: Credentials = { kind: 'basic', username: 'user', password: canary };
/** Media type of an OCI manifest. */
export const ociManifest = 'application/vnd.oci.image.manifest.v1+json';
/** Media type of an OCI index. */
export const ociIndex = 'application/vnd.oci.image.index.v1+json';
/** Content of a layer, 200,000 bytes. */
export const blob = Buffer.alloc(200_000, 'drydock');
/** Its descriptor. */
export const described = { digest: sha256(blob), size: blob.length };

/** A hostile situation; `group` is the number in hostile-inputs.md §3. */
export interface Row {
  readonly group: number;
  readonly name: string;
  readonly fake?: FakeRegistryOptions;
  readonly settings?: RegistrySettings;
  readonly limits?: Partial<RegistryLimits>;
  readonly arrange?: (fake: FakeRegistry, elsewhere: FakeRegistry) => void;
  readonly act: (repository: ImageRepository, setup: ConnectedFake) => Promise<unknown>;
  /** Code of the expected error; absent: it succeeds. */
  readonly code?: string;
  readonly check?: (setup: ConnectedFake, elsewhere: FakeRegistry) => void;
}

/** Reads the blob to its end. */
export const pullBlob = async (repository: ImageRepository): Promise<unknown> =>
  (await repository.openBlob(described, signal)).toArray();
/** Reads the manifest behind `v1`. */
export const pullTag = (repository: ImageRepository): Promise<unknown> => repository.manifest('v1', signal);
/** Opens `team/app:v1` as users do. */
export const openImage = (_: ImageRepository, { fake, registry }: ConnectedFake): Promise<unknown> =>
  openRegistryImage({ scheme: 'registry', registry: fake.host, repository: 'team/app', tag: 'v1' }, registry, signal);
/** Stores the blob. */
export const pushBlob = (repository: ImageRepository): Promise<unknown> =>
  repository.putBlob(described, async () => Readable.from([blob]), { signal });
/** A small image. */
export const image = buildTestImage([tar({ 'etc/a': 'a' })]);
/** Puts the blob into the fake. */
export const withBlob = (fake: FakeRegistry): void =>
  void fake.repository('team/app').blobs.set(described.digest, blob);
/** Puts the image behind `v1` of the fake. */
export const withImage = (fake: FakeRegistry): void =>
  void fake.pushTestImage('team/app', 'v1', [tar({ 'etc/a': 'a' })]);

/** Serves a document behind the tag `v1` without any of the checks of a decent registry. */
export function serve(document: unknown, mediaType = ociManifest) {
  const bytes = Buffer.isBuffer(document) ? document : Buffer.from(JSON.stringify(document));
  return (fake: FakeRegistry): void => {
    const { manifests, tags } = fake.repository('team/app');
    manifests.set(sha256(bytes), { bytes, mediaType });
    tags.set('v1', sha256(bytes));
  };
}

/** A descriptor, by default of the blob. */
export const descriptor = (mediaType: string, digest: string = described.digest, size: number = described.size) => ({
  mediaType,
  digest,
  size,
});
/** A manifest without layers, with changes. */
export const manifestOf = (changes: object): object => ({
  schemaVersion: 2,
  mediaType: ociManifest,
  config: descriptor('application/vnd.oci.image.config.v1+json'),
  layers: [],
  ...changes,
});

/** One test per row: arranges the fake, acts, and compares the code of the error; credentials never show. */
export function runRows(rows: readonly Row[]): void {
  for (const row of rows) {
    test(`group ${row.group}: ${row.name}`, async (t) => {
      const setup = await connectedFake(t, {
        credentials: user,
        ...(row.fake && { fake: row.fake }),
        ...(row.settings && { settings: row.settings }),
        ...(row.limits && { limits: row.limits }),
      });
      const { fake: elsewhere } = await connectedFake(t);
      row.arrange?.(setup.fake, elsewhere);
      const act = async (): Promise<unknown> => row.act(setup.repository(), setup);
      if (row.code === undefined) await act();
      else
        await assert.rejects(act, (error: Error & { code?: string }) => {
          assert.equal(error.code, row.code, error.message);
          assert.ok(!error.message.includes(canary));
          return true;
        });
      row.check?.(setup, elsewhere);
    });
  }
}
