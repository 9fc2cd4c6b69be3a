import {
  buildOpenVex,
  groupBy,
  openVexContext,
  type ReportOutcome,
  type VexStatement,
  type VexVerdict,
  vulnerabilitiesIn,
} from '../../findings/index.ts';
import type { Digest } from '../../image/index.ts';
import type { FixFacts } from './contract.ts';
import { buildStatement, type Statement } from './statement.ts';

/**
 * OpenVEX about the result: every requested vulnerability with what became of it, one statement per vulnerability and
 * verdict. `subjects` are the pushed digests that the statement is attached to, platform manifests and index.
 */
export function buildVexStatement(
  facts: FixFacts,
  subjects: readonly { readonly name: string; readonly digest: Digest }[],
): Statement {
  const purls = purlsByNameVersion(facts);
  const judged = facts.outcomes.map((outcome) => ({ outcome, verdict: verdictOf(outcome) }));
  const groups = groupBy(judged, ({ outcome, verdict }) => JSON.stringify([outcome.id, verdict]));
  const statements = [...groups.values()].map((group): VexStatement => {
    const first = group[0] as (typeof judged)[number];
    const packages = group.map(({ outcome }) => purlOf(outcome, purls));
    return {
      id: first.outcome.id,
      aliases: aliasesOf(first.outcome.id, facts),
      packages: [...new Set(packages.filter((purl) => purl !== undefined))],
      verdict: first.verdict,
    };
  });
  const document = buildOpenVex({
    image: facts.result,
    timestamp: facts.finishedAt,
    tool: { name: 'drydock', version: facts.version },
    statements,
  });
  return buildStatement(subjects, openVexContext, document);
}

/** fix-engine.md §2.1: `fixed` and `already_fixed` → fixed, other `not_affected` → not affected, all else → affected. */
function verdictOf({ outcome, detail, to, package: name }: ReportOutcome): VexVerdict {
  if (outcome === 'fixed') {
    return { status: 'fixed', notes: to === null ? 'Proven by a rescan.' : `Upgraded to ${to}; proven by a rescan.` };
  }
  if (outcome !== 'not_affected')
    return { status: 'affected', action: actions[outcome] + (detail ? ` (${detail})` : '') };
  if (detail?.startsWith('already_fixed')) return { status: 'fixed', notes: detail };
  const absent = name === null || (detail !== null && /not installed|absent/.test(detail));
  return {
    status: 'not_affected',
    justification: absent ? 'component_not_present' : 'vulnerable_code_not_present',
    notes: detail,
  };
}

const actions: Readonly<Record<Exclude<ReportOutcome['outcome'], 'fixed' | 'not_affected'>, string>> = {
  invalid_metadata: 'The package has an invalid name or version and cannot be upgraded; rebuild the image.',
  unsupported: 'The package database of this image cannot be written; rebuild the image.',
  end_of_life: 'The release gets no more fixes; move to a supported release.',
  no_fix_published: 'No fix is published yet; fix the image again when there is one.',
  fix_not_in_repository: 'The announced fix is not in the configured repositories; fix again when it is.',
  held: 'The package is on hold; release the hold to fix it.',
  conflict: 'The fix cannot be installed beside the other packages; rebuild the image.',
  download_failed: 'The fixed package could not be downloaded; run the fix again.',
  needs_script: 'The fix needs a package script that is not run; rebuild the image with the package manager.',
  cancelled: 'Nothing was concluded; run the fix again.',
  still_present: 'The rescan still reports it; upgrade the package by other means.',
};

function purlsByNameVersion(facts: FixFacts): ReadonlyMap<string, string> {
  const packages = [...facts.before.packages, ...facts.after.packages];
  return new Map(packages.map((pkg) => [`${pkg.name} ${pkg.version}`, pkg.purl]));
}

/** The package as it is in the result: the upgraded version where it was upgraded. */
function purlOf(outcome: ReportOutcome, purls: ReadonlyMap<string, string>): string | undefined {
  if (outcome.package === null) return undefined;
  const upgraded = outcome.to === null ? undefined : purls.get(`${outcome.package} ${outcome.to}`);
  return upgraded ?? purls.get(`${outcome.package} ${outcome.from}`);
}

function aliasesOf(id: string, facts: FixFacts): readonly string[] {
  const named = vulnerabilitiesIn(facts.before).filter((finding) => finding.id === id);
  return [...new Set(named.flatMap((finding) => finding.aliases))];
}
