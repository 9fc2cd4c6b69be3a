import { apkReader } from './apk.ts';
import { aptReader } from './apt.ts';
import { aptConfReader } from './apt-conf.ts';
import { rpmReader } from './rpm.ts';

export type { Repository, SourceFile } from './contract.ts';
export { isPlain } from './locations.ts';

/** Readers of all files that say where packages come from. */
export const sourceReaders = [aptReader, aptConfReader, rpmReader, apkReader];
