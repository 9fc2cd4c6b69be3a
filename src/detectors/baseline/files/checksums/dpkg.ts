import type { CheckContext } from '../../contract.ts';
import { dpkgFilesReader } from './reader.ts';
import type { RecordedSum } from './recorded.ts';

/**
 * Checksums of files that dpkg installed. Configuration files are left out: they are made to be changed. Of a diverted
 * file the place where it was moved to is told.
 */
export function* dpkgSums(context: CheckContext): Generator<RecordedSum> {
  const files = context.files(dpkgFilesReader).flatMap(({ facts }) => (facts === undefined ? [] : [facts]));
  const configuration = new Set<string>();
  const diversions = new Map<string, { readonly to: string; readonly by: string }>();
  for (const file of files) {
    if (file.kind === 'conffiles') for (const path of file.paths) configuration.add(path);
    else if (file.kind === 'diversions') for (const [from, to, by] of file.moved) diversions.set(from, { to, by });
  }
  for (const file of files) {
    if (file.kind !== 'sums') continue;
    for (const line of file.lines.split('\n')) {
      const path = line.slice(33);
      if (path === '' || configuration.has(path)) continue;
      const diverted = diversions.get(path);
      const place = diverted === undefined || diverted.by === file.package ? path : diverted.to;
      yield { package: file.package, path: place, algorithm: 'md5', digest: line.slice(0, 32) };
    }
  }
}
