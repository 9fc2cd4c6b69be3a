import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { blob, described, image, pushBlob, type Row, runRows, signal, withImage } from '../support/hostile-registry.ts';

const pushRows: Row[] = [
  {
    group: 34,
    name: 'blob accepted, manifest 500: an error, not a success',
    arrange: (f) => {
      withImage(f);
      f.fail('PUT', '/manifests/', { status: 500, times: 99 });
    },
    act: async (r) => {
      await pushBlob(r);
      await r.putManifest(image.manifest, image.mediaType, signal);
    },
    code: 'unavailable',
  },
  {
    group: 34,
    name: 'manifest 500 once, then stored',
    arrange: (f) => {
      withImage(f);
      f.fail('PUT', '/manifests/', { status: 500 });
    },
    act: (r) => r.putManifest(image.manifest, image.mediaType, signal),
  },
  {
    group: 34,
    name: '201 with another digest for a manifest',
    arrange: (f) => {
      withImage(f);
      f.fail('PUT', '/manifests/', { wrongDigest: true });
    },
    act: (r) => r.putManifest(image.manifest, image.mediaType, signal),
    code: 'digest_mismatch',
  },
  {
    group: 34,
    name: '201 with another digest for a blob',
    arrange: (f) => f.fail('PUT', '/uploads/', { wrongDigest: true }),
    act: pushBlob,
    code: 'digest_mismatch',
  },
  {
    group: 34,
    name: 'quota',
    arrange: (f) =>
      f.fail('POST', '/uploads/', {
        status: 403,
        body: '{"errors":[{"code":"DENIED","message":"adding 5 MiB will exceed the storage quota"}]}',
      }),
    act: pushBlob,
    code: 'quota',
  },
  {
    group: 34,
    name: 'quota told by 507',
    arrange: (f) => f.fail('PUT', '/uploads/', { status: 507 }),
    act: pushBlob,
    code: 'quota',
  },
  {
    group: 34,
    name: 'no right to push',
    arrange: (f) => f.fail('POST', '/uploads/', { status: 403 }),
    act: pushBlob,
    code: 'denied',
  },
  {
    group: 34,
    name: 'immutable tag',
    arrange: (f) => {
      withImage(f);
      f.fail('PUT', '/manifests/v2', { status: 409 });
    },
    act: (r) => r.putTag('v2', { bytes: image.manifest, mediaType: image.mediaType, digest: image.digest }, signal),
    code: 'tag_immutable',
  },
  {
    group: 34,
    name: 'mount refused with 403: sent instead',
    arrange: (f) => f.fail('POST', '/uploads/', { status: 403 }),
    act: async (r) =>
      assert.equal(
        await r.putBlob(described, async () => Readable.from([blob]), { signal, mountFrom: 'team/base' }),
        'uploaded',
      ),
  },
  {
    group: 34,
    name: 'source of the blob ends early',
    act: (r) => r.putBlob(described, async () => Readable.from([blob.subarray(1)]), { signal }),
    code: 'invalid_request',
    check: ({ fake }) => assert.equal(fake.repository('team/app').blobs.size, 0),
  },
];

runRows([...pushRows]);
