import type { InstalledPackage } from '../../ecosystems/index.ts';
import type { FixState, Severity, VulnerabilityMatch } from '../contract.ts';
import type { EpssScore } from '../facts.ts';

/** What the ladder looks at. */
export interface PriorityInput {
  readonly package: Pick<InstalledPackage, 'type' | 'name' | 'source'>;
  readonly state: FixState;
  readonly fixedVersion: string | null;
  readonly severity: Severity;
  readonly kev: boolean;
  readonly epss: EpssScore | null;
  readonly reachability?: VulnerabilityMatch['reachability'];
}

/** A step of the ladder with the rule that decided. */
export type Priority = Pick<VulnerabilityMatch, 'priority' | 'priorityReason'>;

const likely = { score: 0.1, percentile: 0.95 } as const;

/** The priority ladder of scanning.md §5.10; the first rule that applies decides. */
export function prioritise(input: PriorityInput): Priority {
  const { severity, epss, fixedVersion } = input;
  if (input.kev) return { priority: 'asap', priorityReason: 'P0: known to be exploited (KEV)' };
  if (input.state === 'unimportant') return least('no security effect, says the vendor');
  if (isKernelFile(input.package)) return least('kernel package, not run from an image');
  if (input.reachability?.state === 'no') return least('the affected code is not linked into the binary');
  if (fixedVersion !== null && epss !== null && (epss.score >= likely.score || epss.percentile >= likely.percentile)) {
    const shown =
      epss.score >= likely.score ? `epss ${short(epss.score)}` : `epss percentile ${short(epss.percentile)}`;
    return { priority: 'asap', priorityReason: `P1: ${shown}, fix ${fixedVersion}` };
  }
  if (severity.level === 'high' || severity.level === 'critical') {
    return { priority: 'later', priorityReason: `P2: severity ${severity.level}` };
  }
  return least(`severity ${severity.level}`);
}

function least(reason: string): Priority {
  return { priority: 'nntf', priorityReason: `P3: ${reason}` };
}

/** The kernel that runs is the host's; an image's copy of it, or its headers, is never loaded. */
function isKernelFile(pkg: PriorityInput['package']): boolean {
  if (pkg.type === 'deb') {
    const source = pkg.source?.name ?? pkg.name;
    return /^linux(-|$)/.test(source) && /^linux-(libc-dev|headers|image|modules|source|doc)(-|$)/.test(pkg.name);
  }
  return pkg.type === 'rpm' && rpmKernel.test(pkg.name);
}

/** Kernels by flavour and debug build, their modules, headers and sources; not `kernel-tools`, which does run. */
const rpmKernel =
  /^kernel(-(rt|64k|uek|default|zfcpdump))?(-debug)?(-(core|base|modules|modules-core|modules-extra|headers|devel|doc|source))?$|^kernel-(cross-headers|macros|abi-stablelists|abi-whitelists)$/;

function short(share: number): string {
  return String(Number(share.toFixed(4)));
}
