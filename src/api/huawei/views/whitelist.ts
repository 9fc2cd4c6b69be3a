import type { DecisionRule, ImageView } from '../../../service/index.ts';

/** A white list entry. `images` are those that the caller may see; lists leave them out. */
export function whitelistItem(rule: DecisionRule, images: readonly ImageView[]): object {
  const [id = ''] = rule.vulnerabilities;
  const { scope } = rule;
  return {
    id: String(rule.id),
    vul_id: rule.vulnerabilities.join(';'),
    vul_name: rule.title ?? id,
    vul_type: rule.findingKind === 'sca' ? 'app_vul' : 'linux_vul',
    cves: rule.vulnerabilities.flatMap((name) => {
      const cve = /CVE-\d{4}-\d{4,}/.exec(name)?.[0];
      return cve === undefined ? [] : [{ cve_id: cve, cvss: 0 }];
    }),
    rule_type: ruleType(scope.kind),
    query_info: scope.kind === 'registryKinds' ? { image_type: scope.kinds.join(',') } : {},
    image_info: images.map((image) => ({
      id: image.id,
      image_id: image.uuid,
      image_name: image.repository.path,
      image_type: 'local_image',
    })),
    description: rule.reason,
  };
}

function ruleType(kind: DecisionRule['scope']['kind']): string {
  if (kind === 'global') return 'all_images';
  return kind === 'registryKinds' ? 'specific_image_types' : 'specific_images';
}
