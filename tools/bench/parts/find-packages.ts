/** Walks one layer file with the npm visitor and lets the cataloger decide; prints seconds, processor time, packages. */
import { createReadStream, statSync } from 'node:fs';
import { ecosystems } from '../../../src/ecosystems/index.ts';
import { buildUnionView, digestOf, type LayerHandle, walkLayer } from '../../../src/image/index.ts';

const [path = ''] = process.argv.slice(2);
const digest = digestOf('layer');
const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip';
const layer: LayerHandle = {
  descriptor: { mediaType, digest, size: statSync(path).size },
  diffId: digest,
  foreign: false,
  open: async () => createReadStream(path),
};
const [cataloger] = ecosystems.find(({ id }) => id === 'npm')?.catalogers ?? [];
if (cataloger === undefined) throw new Error('no npm');
const started = performance.now();
const cpu = process.cpuUsage();
const { tree, results } = await walkLayer(layer, [cataloger.analysis.visitor()], {
  signal: new AbortController().signal,
});
const view = buildUnionView([tree]);
const facts = results.get(cataloger.analysis.id);
const { packages } = cataloger.coalesce({ layers: [{ layer: 0, digest, tree, facts }], view, os: undefined });
const { user, system } = process.cpuUsage(cpu);
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, packages: packages.length }));
