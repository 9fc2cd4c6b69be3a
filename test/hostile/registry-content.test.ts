import assert from 'node:assert/strict';
import { openRegistryImage } from '../../src/image/sources/registry.ts';
import { reply } from '../support/fake-registry-store.ts';
import {
  blob,
  described,
  descriptor,
  image,
  manifestOf,
  ociIndex,
  ociManifest,
  openImage,
  pullBlob,
  pullTag,
  type Row,
  runRows,
  serve,
  signal,
  withBlob,
  withImage,
} from '../support/hostile-registry.ts';
import { sha256, tar } from '../support/test-image.ts';

const digestRows: Row[] = [
  {
    group: 6,
    name: 'layer with other bytes',
    arrange: (f) => {
      withBlob(f);
      f.fail('GET', '/blobs/', { corrupt: true });
    },
    act: pullBlob,
    code: 'digest_mismatch',
  },
  {
    group: 6,
    name: 'layer with another Content-Length',
    arrange: (f) => void f.repository('team/app').blobs.set(described.digest, blob.subarray(1)),
    act: pullBlob,
    code: 'digest_mismatch',
  },
  {
    group: 6,
    name: 'layer longer than promised',
    arrange: (f) => {
      withBlob(f);
      f.fail('GET', '/blobs/', { endless: true, headers: { 'transfer-encoding': 'chunked' } });
    },
    act: pullBlob,
    code: 'digest_mismatch',
  },
  {
    group: 6,
    name: 'resumed at another place than asked',
    arrange: (f) => {
      withBlob(f);
      f.fail('GET', '/blobs/', { cutAfter: 1000 });
      f.fail('GET', '/blobs/', {
        answer: () => reply(206, { 'content-range': 'bytes 5000-199999/200000' }, blob.subarray(5000)),
      });
    },
    act: pullBlob,
    code: 'invalid_response',
  },
  {
    group: 6,
    name: 'resumed with other content',
    arrange: (f) => {
      withBlob(f);
      f.fail('GET', '/blobs/', { cutAfter: 1000 });
      f.fail('GET', '/blobs/', { corrupt: true });
    },
    act: pullBlob,
    code: 'digest_mismatch',
  },
  {
    group: 6,
    name: 'manifest by digest with other bytes',
    arrange: (f) => {
      withImage(f);
      f.fail('GET', '/manifests/', { body: Buffer.concat([image.manifest, Buffer.from(' ')]) });
    },
    act: (r) => r.manifest(image.digest, signal),
    code: 'digest_mismatch',
  },
  {
    group: 6,
    name: 'tag answered with a digest that the body does not have',
    arrange: (f) => {
      withImage(f);
      f.fail('GET', '/manifests/', { wrongDigest: true });
    },
    act: pullTag,
    code: 'digest_mismatch',
  },
];

const manifestRows: Row[] = [
  {
    group: 7,
    name: 'manifest of 50 MiB',
    arrange: (f) => serve(Buffer.alloc(50 * 1024 * 1024, ' '))(f),
    act: pullTag,
    code: 'invalid_response',
  },
  {
    group: 7,
    name: 'endless manifest',
    arrange: (f) => {
      withImage(f);
      f.fail('GET', '/manifests/', { endless: true });
    },
    act: pullTag,
    code: 'invalid_response',
  },
  {
    group: 7,
    name: '10,000 layers',
    arrange: serve(manifestOf({ layers: Array.from({ length: 10_000 }, () => descriptor('x')) })),
    act: pullTag,
    code: 'manifest_too_large',
  },
  {
    group: 7,
    name: 'media type differs from Content-Type',
    arrange: serve(manifestOf({}), ociIndex),
    act: pullTag,
    code: 'invalid_manifest',
  },
  {
    group: 7,
    name: 'both layers and manifests',
    arrange: serve(manifestOf({ manifests: [] })),
    act: pullTag,
    code: 'invalid_manifest',
  },
  {
    group: 7,
    name: 'schema 1',
    arrange: serve({ schemaVersion: 1 }, 'application/vnd.docker.distribution.manifest.v1+json'),
    act: pullTag,
    code: 'unsupported_schema1',
  },
  {
    group: 7,
    name: 'sha1 digest',
    arrange: serve(manifestOf({ config: descriptor('x', 'sha1:00') })),
    act: pullTag,
    code: 'invalid_manifest',
  },
  {
    group: 7,
    name: 'path in a digest',
    arrange: serve(manifestOf({ config: descriptor('x', 'sha256:../../x') })),
    act: pullTag,
    code: 'invalid_manifest',
  },
  {
    group: 7,
    name: 'config missing',
    arrange: serve({ schemaVersion: 2, mediaType: ociManifest, layers: [] }),
    act: pullTag,
    code: 'invalid_manifest',
  },
  {
    group: 7,
    name: 'config of 1 GB',
    arrange: serve(
      manifestOf({ config: descriptor('application/vnd.oci.image.config.v1+json', described.digest, 1e9) }),
    ),
    act: openImage,
    code: 'invalid_config',
  },
  {
    group: 7,
    name: 'config that is an array',
    arrange: (f) => {
      const config = Buffer.from('[]');
      f.repository('team/app').blobs.set(sha256(config), config);
      serve(manifestOf({ config: descriptor('application/vnd.oci.image.config.v1+json', sha256(config), 2) }))(f);
    },
    act: openImage,
    code: 'invalid_config',
  },
  {
    group: 7,
    name: 'indexes nested 20 deep',
    arrange: (f) => {
      let child: object = { ...descriptor(ociManifest), platform: { os: 'linux', architecture: 'amd64' } };
      for (let depth = 0; depth < 20; depth++) {
        const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests: [child] }));
        serve(bytes, ociIndex)(f);
        child = descriptor(ociIndex, sha256(bytes), bytes.length);
      }
    },
    act: openImage,
    code: 'manifest_too_large',
  },
  {
    group: 7,
    name: 'platform listed twice',
    arrange: serve(
      {
        schemaVersion: 2,
        mediaType: ociIndex,
        manifests: [1, 2].map(() => ({ ...descriptor(ociManifest), platform: { os: 'linux', architecture: 'amd64' } })),
      },
      ociIndex,
    ),
    act: pullTag,
    code: 'invalid_manifest',
  },
];

const secondAnswerRows: Row[] = [
  {
    group: 8,
    name: 'the tag moves after it was opened: everything stays with the first digest',
    arrange: withImage,
    act: async (repository, { fake, registry }) => {
      const opened = await openRegistryImage(
        { scheme: 'registry', registry: fake.host, repository: 'team/app', tag: 'v1' },
        registry,
        signal,
      );
      fake.pushTestImage('team/app', 'v1', [tar({ 'etc/evil': 'x' })]);
      const handle = await opened.image(undefined, signal);
      assert.equal(handle.document.digest, image.digest);
      assert.notEqual(await repository.resolveTag('v1', signal), image.digest);
    },
  },
  {
    group: 8,
    name: 'the tag reads back as something else after it was set',
    arrange: (f) => {
      withImage(f);
      f.fail('HEAD', '/manifests/v2', { wrongDigest: true });
    },
    act: (r) => r.putTag('v2', { bytes: image.manifest, mediaType: image.mediaType, digest: image.digest }, signal),
    code: 'digest_mismatch',
  },
];

runRows([...digestRows, ...manifestRows, ...secondAnswerRows]);
