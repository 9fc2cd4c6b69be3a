import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildTestImage, buildTestIndex, tar } from '../../test/support/test-image.ts';
import { digestOf } from './digest.ts';
import { ImageError } from './errors.ts';
import { type Descriptor, mediaTypes } from './model.ts';
import { checkLayerCount, parseConfig } from './parse-config.ts';
import { isForeignLayer, parseManifestDocument } from './parse-manifest.ts';

const digest = `sha256:${'a'.repeat(64)}` as const;
const config = { mediaType: mediaTypes.ociConfig, digest, size: 2 };
const layer = { mediaType: mediaTypes.ociLayerGzip, digest, size: 3 };
const manifest = { schemaVersion: 2, mediaType: mediaTypes.ociManifest, config, layers: [layer] };
const linux = { os: 'linux', architecture: 'amd64' };
const child = { mediaType: mediaTypes.ociManifest, digest, size: 4, platform: linux };
const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [child] };

const bytesOf = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof ImageError, String(error));
    return error.code;
  }
  return 'accepted';
}

describe('manifests', () => {
  it('reads both families, with the digest of the bytes', () => {
    for (const family of ['oci', 'docker'] as const) {
      const image = buildTestImage([tar({ a: '1' })], { family });
      const document = parseManifestDocument(image.manifest, `${image.mediaType}; charset=utf-8`, image.digest);
      assert.equal(document.content.kind, 'manifest');
      assert.equal(document.mediaType, image.mediaType);
      assert.equal(document.digest, image.digest);
    }
    const image = buildTestImage([tar({ a: '1' })]);
    const list = buildTestIndex([{ image, platform: { ...linux, variant: 'v2' } }]);
    const { content } = parseManifestDocument(list.manifest, undefined);
    assert.equal(content.kind === 'index' && content.manifests[0]?.platform?.variant, 'v2');
  });

  it('takes the type from the document, the delivery or the shape', () => {
    const { mediaType: _, ...untyped } = manifest;
    assert.equal(parseManifestDocument(bytesOf(untyped), undefined).mediaType, mediaTypes.ociManifest);
    assert.equal(
      parseManifestDocument(bytesOf(untyped), mediaTypes.dockerManifest).mediaType,
      mediaTypes.dockerManifest,
    );
    assert.equal(parseManifestDocument(bytesOf(manifest), 'application/json').mediaType, mediaTypes.ociManifest);
    assert.equal(
      parseManifestDocument(bytesOf({ ...index, mediaType: null }), undefined).mediaType,
      mediaTypes.ociIndex,
    );
  });

  it('keeps unknown annotations and subjects, and null is absent', () => {
    const { content } = parseManifestDocument(
      bytesOf({ ...manifest, annotations: { ['__proto__']: 'x', a: 'b' }, subject: layer, artifactType: 'text/x' }),
      undefined,
    );
    assert.equal(content.annotations.a, 'b');
    assert.equal(content.subject?.digest, digest);
    assert.deepEqual(
      parseManifestDocument(bytesOf({ ...manifest, annotations: null, subject: null }), undefined).content.annotations,
      Object.create(null),
    );
  });

  const layers = (count: number): unknown => ({ ...manifest, layers: Array.from({ length: count }, () => layer) });
  const rejected: [string, unknown, string, string?][] = [
    ['5 MiB', `{"schemaVersion":2,"x":"${'x'.repeat(5 << 20)}"}`, 'manifest_too_large'],
    ['1,001 layers', layers(1001), 'manifest_too_large'],
    ['1,000 layers', layers(1000), 'accepted'],
    ['schema 1', { schemaVersion: 1, fsLayers: [] }, 'unsupported_schema1'],
    ['schema 1 by type', manifest, 'unsupported_schema1', 'application/vnd.docker.distribution.manifest.v1+prettyjws'],
    ['another type than delivered', manifest, 'invalid_manifest', mediaTypes.ociIndex],
    [
      'Docker delivered as OCI',
      { ...manifest, mediaType: mediaTypes.dockerManifest },
      'invalid_manifest',
      mediaTypes.ociManifest,
    ],
    ['layers and manifests', { ...manifest, manifests: [] }, 'invalid_manifest'],
    ['a manifest called index', { ...manifest, mediaType: mediaTypes.ociIndex }, 'invalid_manifest'],
    ['an index called manifest', { ...index, mediaType: mediaTypes.ociManifest }, 'invalid_manifest'],
    ['a key in another case', { ...manifest, Layers: [] }, 'invalid_manifest'],
    ['no config', { ...manifest, config: undefined }, 'invalid_manifest'],
    ['a list as config', { ...manifest, config: [config] }, 'invalid_manifest'],
    ['a sha1 digest', { ...manifest, layers: [{ ...layer, digest: `sha1:${'a'.repeat(40)}` }] }, 'invalid_manifest'],
    ['a digest with a path', { ...manifest, layers: [{ ...layer, digest: 'sha256:../../x' }] }, 'invalid_manifest'],
    ['an upper-case digest', { ...manifest, layers: [{ ...layer, digest: digest.toUpperCase() }] }, 'invalid_manifest'],
    ['a negative size', { ...manifest, layers: [{ ...layer, size: -1 }] }, 'invalid_manifest'],
    ['a fractional size', { ...manifest, layers: [{ ...layer, size: 1.5 }] }, 'invalid_manifest'],
    ['a size as text', { ...manifest, layers: [{ ...layer, size: '3' }] }, 'invalid_manifest'],
    ['annotations that are no texts', { ...manifest, annotations: { a: 1 } }, 'invalid_manifest'],
    ['a platform twice', { ...index, manifests: [child, child] }, 'invalid_manifest'],
    ['a list', [manifest], 'invalid_manifest'],
    ['no JSON', '<html>', 'invalid_manifest'],
    ['deep nesting', `{"schemaVersion":2,"x":${'['.repeat(100)}${']'.repeat(100)}}`, 'invalid_manifest'],
    ['another kind of document', { ...manifest, mediaType: 'application/vnd.cncf.helm' }, 'unsupported_media_type'],
    ['no schema version', { ...manifest, schemaVersion: undefined }, 'invalid_manifest'],
  ];
  for (const [name, value, code, contentType] of rejected) {
    it(`${code}: ${name}`, () => {
      assert.equal(
        codeOf(() => parseManifestDocument(bytesOf(value), contentType)),
        code,
      );
    });
  }

  it('verifies the digest that was asked for', () => {
    const bytes = bytesOf(manifest);
    assert.equal(
      codeOf(() => parseManifestDocument(bytes, undefined, digest)),
      'digest_mismatch',
    );
    assert.equal(
      codeOf(() => parseManifestDocument(bytes, undefined, digestOf(bytes))),
      'accepted',
    );
  });

  it('lets attestations and layouts repeat a platform', () => {
    const unknown = { ...child, platform: { os: 'unknown', architecture: 'unknown' } };
    assert.equal(
      codeOf(() => parseManifestDocument(bytesOf({ ...index, manifests: [child, unknown, unknown] }), undefined)),
      'accepted',
    );
    const twice = bytesOf({ ...index, manifests: [child, child] });
    assert.equal(
      codeOf(() => parseManifestDocument(twice, undefined, undefined, { duplicatePlatforms: true })),
      'accepted',
    );
  });

  it('knows layers that are stored elsewhere', () => {
    const foreign: Pick<Descriptor, 'mediaType' | 'urls'>[] = [
      { mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip' },
      { mediaType: 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip' },
      { mediaType: mediaTypes.ociLayer, urls: ['https://example.com/x'] },
    ];
    for (const item of foreign) assert.ok(isForeignLayer(item), item.mediaType);
    assert.ok(!isForeignLayer({ mediaType: mediaTypes.ociLayerZstd, urls: [] }));
  });
});

describe('image configs', () => {
  it('reads what it needs', () => {
    const parsed = parseConfig(
      bytesOf({
        os: 'linux',
        architecture: 'arm64',
        variant: 'v8',
        created: 'then',
        config: { User: 'app', Labels: { a: 'b' } },
        rootfs: { type: 'layers', diff_ids: [digest] },
        history: [{ created_by: 'ADD' }, { empty_layer: true }],
      }),
    );
    assert.deepEqual(
      { ...parsed, labels: { ...parsed.labels } },
      {
        os: 'linux',
        architecture: 'arm64',
        variant: 'v8',
        created: 'then',
        user: 'app',
        labels: { a: 'b' },
        diffIds: [digest],
        history: [{ createdBy: 'ADD', emptyLayer: false }, { emptyLayer: true }],
      },
    );
  });

  it('takes null for absent', () => {
    const parsed = parseConfig(bytesOf({ rootfs: { diff_ids: null }, config: null, history: null }));
    assert.deepEqual(parsed.diffIds, []);
    assert.equal(parsed.history, undefined);
    assert.equal(parsed.os, 'unknown');
  });

  const rejected: [string, unknown][] = [
    ['a list', []],
    ['no rootfs', { os: 'linux' }],
    ['a sha1 diff-id', { rootfs: { diff_ids: [`sha1:${'a'.repeat(40)}`] } }],
    ['labels that are no texts', { rootfs: {}, config: { Labels: { a: 1 } } }],
    ['history of texts', { rootfs: {}, history: ['x'] }],
    ['5 MiB', `{"rootfs":{},"x":"${'x'.repeat(5 << 20)}"}`],
  ];
  for (const [name, value] of rejected) {
    it(`refuses ${name}`, () =>
      assert.equal(
        codeOf(() => parseConfig(bytesOf(value))),
        'invalid_config',
      ));
  }

  it('must count the layers of the manifest', () => {
    assert.equal(
      codeOf(() => checkLayerCount({ layers: [layer] }, { diffIds: [] })),
      'invalid_config',
    );
    assert.equal(
      codeOf(() => checkLayerCount({ layers: [layer] }, { diffIds: [digest] })),
      'accepted',
    );
  });
});
