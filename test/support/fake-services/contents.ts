import type { ContentService, FixService, ImageService } from '../../../src/service/index.ts';

/** Images without a config of their own, referrers or relatives; fixes that have changed nothing. */
export function fakeContents(images: Pick<ImageService, 'byUuids'>, fixes: Pick<FixService, 'get'>): ContentService {
  const none = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0, total: 0 };
  return {
    async config(call, uuid) {
      const [image] = await images.byUuids(call, [uuid]);
      if (image === undefined) return null;
      return {
        ...{ digest: image.configDigest ?? image.digest, created: null, author: null, architecture: 'amd64' },
        ...{ os: 'linux', variant: null, user: null, workingDir: null, stopSignal: null, entrypoint: null, cmd: null },
        ...{ env: [{ name: 'A', value: 'b', masked: false }], labels: [], exposedPorts: [], volumes: [] },
        ...{ healthcheck: null, history: [], truncated: false },
      };
    },
    async referrers(call, uuid) {
      const [image] = await images.byUuids(call, [uuid]);
      return image ? { subject: image.digest, via: null, reason: null, items: [], truncated: false } : null;
    },
    async lineage(call, uuid) {
      const [image] = await images.byUuids(call, [uuid]);
      return image ? { origin: null, fixes: [], base: null, sameBase: { total: 0, items: [] }, tag: null } : null;
    },
    async difference(call, fixId) {
      const fix = await fixes.get(call, fixId);
      if (fix === null) return null;
      return {
        ...{ fixId, status: fix.status, before: { imageUuid: fix.imageUuid, digest: '', size: null }, after: null },
        ...{ outcomes: [], totals: { requested: 0, fixed: 0, notAffected: 0, open: 0 }, packages: [] },
        ...{ vulnerabilities: null, counts: { before: none, after: null }, layers: null, config: null },
      };
    },
  };
}
