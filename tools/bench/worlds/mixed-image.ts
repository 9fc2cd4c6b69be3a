import { debianRootfs, ociLayout } from '../../../test/support/debian-image.ts';
import { debianMirror } from '../../../test/support/debian-mirror.ts';
import { mustRun } from '../../../test/support/run.ts';
import { findProgram } from '../../../test/support/system.ts';
import { debianPackages } from './contents.ts';
import { worldLayers, worldTar } from './layers.ts';

/** Programs that the mixed image takes; `docker-registry` only to serve it. */
const programs = ['mmdebstrap', 'skopeo', ...worldLayers.flatMap(({ needs }) => needs)];

/** What is missing to make the mixed image, for a message; empty when nothing is. */
export function missingForMixedImage(): readonly string[] {
  const missing = programs.filter((name) => findProgram(name) === undefined);
  return debianMirror() === undefined ? [...missing, 'a Debian mirror'] : missing;
}

/** Debian with application content of each world, as an OCI layout and as the archive that `docker save` writes. */
export async function mixedImage(scratch: string): Promise<{ readonly layout: string; readonly archive: string }> {
  const mirror = debianMirror();
  if (mirror === undefined) throw new Error('no Debian mirror');
  const tars = [await debianRootfs(mirror, 'bookworm', debianPackages)];
  for (const layer of worldLayers) tars.push(await worldTar(layer));
  const layout = `${scratch}/mixed`;
  await ociLayout(layout, 'v1', tars);
  const archive = `${scratch}/mixed.tar`;
  await mustRun('skopeo', ['copy', '--quiet', `oci:${layout}:v1`, `docker-archive:${archive}:mixed:v1`]);
  return { layout, archive };
}
