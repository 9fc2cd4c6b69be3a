import type { Fixer } from '../../fix-contract.ts';
import { prepareChange } from './apply/prepare.ts';
import { interest } from './database.ts';
import { inspectDpkg } from './inspect.ts';
import { createDpkgPlanner, type PlannerDeps } from './planner.ts';
import { selfCheckDpkg } from './self-check.ts';

export { assembleRootfs, type RootfsDeps, type RootfsPackage } from './assemble.ts';

/** Repairs images of Debian and its descendants from signed packages, without running anything of the image. */
export function createDpkgFixer(deps: PlannerDeps): Fixer {
  return {
    ecosystem: 'dpkg',
    interest,
    inspect: inspectDpkg,
    ...createDpkgPlanner(deps),
    prepare: (plan, view, signal, progress) =>
      prepareChange(
        {
          plan,
          view,
          open:
            ({ sha256 }) =>
            () =>
              deps.blobs.open(`sha256:${sha256}`, signal),
        },
        { blobs: deps.blobs, deb: deps.reader },
        signal,
        progress,
      ),
    selfCheck: (plan, view, signal) => selfCheckDpkg(plan, view, signal),
  };
}
