import type { DecisionRule, DecisionScope, NewDecision } from '../../../service/index.ts';
import type { HuaweiRoute, RouteCall } from '../contract.ts';
import { serviceRefusal } from '../errors.ts';
import { allOf, imagesFilter, typeFilter, vulnerabilitiesFilter } from '../input/criteria.ts';
import { type HandlingInput, type HandlingPart, handlingInput } from '../input/handling.ts';
import { imagesOf, overlaps, vulnerabilitiesOf, withoutPart } from '../views/reversal.ts';

/** Mark of decisions that came through this API. */
export const decisionSource = 'huawei';

/** Rules, images or vulnerabilities that one reversal may look through. */
const maxListed = 10_000;

/** HandleImageVulnerability: ignore, whitelist, mark as repaired by hand, and the reversal of it (huawei.md §4.3). */
export const handleVulnerabilities: HuaweiRoute = {
  method: 'POST',
  path: '/image/vulnerability/handle',
  operation: 'HandleImageVulnerability',
  action: 'hss:vuls:operate',
  scope: 'list',
  writes: true,
  handle: async (call) => {
    const input = handlingInput(call.body);
    if (input.empty) return {};
    await checkImages(call, input);
    if (input.operate === 'not_ignore') await takeBack(call, input);
    else for (const part of input.parts) await decide(call, decisionOf(input, part));
    return {};
  },
};

/** All or nothing: an image that is unknown or of another project refuses the whole request. */
async function checkImages({ call, services }: RouteCall, { parts }: HandlingInput): Promise<void> {
  const uuids = [...new Set(parts.flatMap(({ images }) => images ?? []))];
  if (uuids.length === 0) return;
  const found = await services.images.byUuids(call, uuids);
  if (found.length < uuids.length) throw serviceRefusal('HSS.0011');
}

function decisionOf(input: HandlingInput, part: HandlingPart): NewDecision {
  return {
    kind: input.operate === 'add_to_whitelist' ? 'whitelist' : 'ignore',
    vulnerabilities: part.vulnerabilities ?? [],
    findingKind: input.type === 'linux_vul' ? 'cve' : 'sca',
    scope: scopeOf(part.images),
    reason: input.remark === '' && input.operate === 'manual_repair' ? 'manual_repair' : input.remark,
    expiresAt: null,
    expiresWhen: 'none',
    source: decisionSource,
    title: input.operate === 'manual_repair' ? 'manual_repair' : null,
  };
}

function scopeOf(images: readonly string[] | null): DecisionScope {
  return images === null ? { kind: 'global' } : { kind: 'images', uuids: images };
}

/** Stores a decision for the projects of the call, once for each where they are named. */
export async function decide({ call, services }: RouteCall, decision: NewDecision): Promise<void> {
  const projects = call.projects === 'all' ? [null] : call.projects;
  for (const projectId of projects) await services.decisions.add(call, { ...decision, projectId });
}

/**
 * Ends the ignoring of what the request names. A decision that covers more is replaced by decisions on the rest; one that
 * covers everything is written out first, over the images and vulnerabilities of today.
 */
async function takeBack(call: RouteCall, input: HandlingInput): Promise<void> {
  for (const part of input.parts) {
    for (const rule of await ignoreRules(call)) {
      if (!overlaps(rule, part) || !(await ofType(call, rule, input))) continue;
      const own = { images: imagesOf(rule), vulnerabilities: vulnerabilitiesOf(rule) };
      const remainder = withoutPart(own, part, await written(call, rule, part, input));
      if (remainder === null) throw serviceRefusal('HSS.1002', 'A wider decision covers too much to be divided.');
      // The rest first: nothing that stays ignored is open in between.
      for (const rest of remainder) {
        const { kind, findingKind, reason, expiresAt, expiresWhen, source, title, projectId } = rule;
        const scope = scopeOf(rest.images);
        const vulnerabilities = rest.vulnerabilities ?? [];
        await call.services.decisions.add(call.call, {
          kind,
          findingKind,
          reason,
          expiresAt,
          expiresWhen,
          source,
          title,
          projectId,
          scope,
          vulnerabilities,
        });
      }
      await call.services.decisions.revoke(call.call, [rule.id]);
    }
  }
}

async function ignoreRules({ call, services }: RouteCall): Promise<readonly DecisionRule[]> {
  const rules: DecisionRule[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof services.decisions.page>> = await services.decisions.page(call, {
      kind: 'ignore',
      page: { after, limit: 200 },
    });
    // Decisions on repositories, packages or kinds of registries are not made here and not taken back here.
    rules.push(...page.rows.filter(({ scope }) => scope.kind === 'images' || scope.kind === 'global'));
    after = page.next;
  } while (after !== null && rules.length < maxListed);
  return rules;
}

/** A decision on both types counts too: what remains of it keeps the other type only where it names it. */
async function ofType(_call: RouteCall, rule: DecisionRule, input: HandlingInput): Promise<boolean> {
  return rule.findingKind === null || rule.findingKind === (input.type === 'linux_vul' ? 'cve' : 'sca');
}

/** What the unlimited sides of a decision stand for today, where they must be listed to be divided. */
async function written(
  call: RouteCall,
  rule: DecisionRule,
  part: HandlingPart,
  input: HandlingInput,
): Promise<{ readonly images: readonly string[] | null; readonly vulnerabilities: readonly string[] | null }> {
  const needImages = part.images !== null && imagesOf(rule) === null;
  const needVulnerabilities = part.vulnerabilities !== null && vulnerabilitiesOf(rule) === null;
  if (!needImages && !needVulnerabilities) return { images: null, vulnerabilities: null };
  const images = imagesOf(rule);
  const filter = allOf([
    typeFilter(input.type),
    images === null ? undefined : imagesFilter(images),
    rule.vulnerabilities.length === 0 ? undefined : vulnerabilitiesFilter(rule.vulnerabilities),
  ]);
  const seen = { images: new Set<string>(), vulnerabilities: new Set<string>() };
  let after: string | null = null;
  let rows = 0;
  do {
    const page: Awaited<ReturnType<typeof call.services.findings.page>> = await call.services.findings.page(call.call, {
      grain: 'record',
      ...(filter === undefined ? {} : { filter }),
      page: { after, limit: 200 },
    });
    for (const record of page.rows) {
      seen.images.add(record.imageUuid);
      seen.vulnerabilities.add(record.vulnerability.key);
    }
    rows += page.rows.length;
    after = page.next;
    if (rows > maxListed) return { images: null, vulnerabilities: null };
  } while (after !== null);
  return { images: [...seen.images], vulnerabilities: [...seen.vulnerabilities] };
}
