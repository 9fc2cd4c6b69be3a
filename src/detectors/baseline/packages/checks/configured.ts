import type { CheckContext, ReadFile } from '../../contract.ts';
import { notApplicable } from '../../outcome.ts';
import { type Repository, type SourceFile, sourceReaders } from '../sources/index.ts';

/** What the image's package managers are told, with the file that tells it. */
export interface Configured {
  readonly files: readonly ReadFile<SourceFile>[];
  readonly repositories: readonly { readonly file: ReadFile<SourceFile>; readonly repository: Repository }[];
  /** A file was too large to be read. */
  readonly unreadable: boolean;
  /** There is a package manager, or what one is told. */
  readonly any: boolean;
}

const programs = [
  ...['usr/bin/apt-get', 'usr/bin/apt', 'sbin/apk', 'usr/sbin/apk', 'usr/bin/apk', 'usr/bin/yum', 'usr/bin/dnf'],
  ...['usr/bin/dnf5', 'usr/bin/microdnf', 'usr/bin/tdnf', 'usr/bin/zypper'],
];

/** All repositories of the final file system. */
export function configured(context: CheckContext): Configured {
  const files = sourceReaders.flatMap((reader) => context.files(reader));
  const repositories = files.flatMap((file) =>
    (file.facts?.repositories ?? []).map((repository) => ({ file, repository })),
  );
  return {
    files,
    repositories,
    unreadable: files.some(({ facts }) => facts === undefined),
    any: files.length > 0 || programs.some((path) => context.entry(path)?.content !== undefined),
  };
}

/** Outcome where there is nothing to trust. */
export const noPackageManager = notApplicable('The image has no package manager.');
