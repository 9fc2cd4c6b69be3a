import type { Diagnostic } from '../../../kernel/index.ts';
import type { NameVersion } from '../../contract.ts';
import type { FixPlan } from '../../fix-contract.ts';

/** One package version, as far as dependencies are concerned; relation fields are as written, empty when absent. */
export interface PackageFacts {
  readonly name: string;
  readonly version: string;
  readonly arch: string;
  /** From `Source: name (version)`, else its own name and version. */
  readonly source: NameVersion;
  readonly multiArch: 'no' | 'same' | 'foreign' | 'allowed';
  readonly preDepends: string;
  readonly depends: string;
  readonly breaks: string;
  readonly conflicts: string;
  readonly provides: string;
}

/** A package version that the configured archives offer. */
export interface Candidate extends PackageFacts {
  /** Path below the archive's base, checked. */
  readonly path: string;
  /** Bytes of the package file. */
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Bytes after installation, estimated by the packager; 0 when absent. */
  readonly installedSize: number;
  readonly archive: string;
  readonly suite: string;
  readonly component: string;
}

/** Everything that the configured, verified suites offer to one architecture. */
export interface PackageUniverse {
  /** In Debian's spelling: amd64, arm64, armhf … */
  readonly arch: string;
  /** Versions of a name for this architecture or `all`, highest first. */
  candidates(name: string): readonly Candidate[];
  /** Versions, of whatever package, that provide a virtual name; in order of package name, highest version first. */
  providers(virtualName: string): readonly Candidate[];
  readonly indexes: FixPlan['indexes'];
  /** For people, in configured order: `debian-security bookworm-security (2026-09-12)`. */
  readonly suites: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}
