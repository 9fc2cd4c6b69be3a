import type { VulnerabilityDetail } from '../../../service/index.ts';
import { action } from '../action.ts';
import { choice, required, text, whole } from '../schema/parameter.ts';

/** What is published about a vulnerability; unknown ones have no entries. */
export const describeVulDetails = action({
  name: 'DescribeVulDetails',
  level: 'read',
  tier: 1,
  summary: 'tells what is published about a vulnerability',
  parameters: {
    AliasName: text(),
    Lang: required(choice('zh', 'en')),
    Name: required(text(512)),
    ResourceDirectoryAccountId: whole(),
    Type: required(choice('cve', 'sys', 'cms', 'app', 'emg', 'sca')),
  },
  run: async (input, { services, call }) => {
    const found = await services.findings.vulnerability(call, input.Name);
    return { Cves: found === null || found.kind !== input.Type ? [] : entries(found) };
  },
});

const levels: Readonly<Record<VulnerabilityDetail['severity'], string>> = {
  critical: 'serious',
  high: 'high',
  medium: 'medium',
  low: 'low',
  negligible: 'low',
  unknown: 'low',
};

/** One entry for every CVE; a vulnerability without one is an entry by its own id. */
function entries(detail: VulnerabilityDetail): readonly object[] {
  const all = [detail.id, ...detail.aliases];
  const cves = [...new Set(all.filter((id) => /^CVE-\d{4}-\d{4,}$/.test(id)))];
  return (cves.length === 0 ? [detail.id] : cves).map((id) => ({
    Classify: '',
    Classifys: [],
    CveId: id,
    CveLink: id.startsWith('CVE-') ? `https://www.cve.org/CVERecord?id=${id}` : (detail.links[0] ?? ''),
    CvssScore: detail.cvss?.toFixed(1),
    CvssVector: detail.vector ?? undefined,
    OtherId: [...new Set([...detail.advisories, ...all.filter((other) => other !== id)])].join(','),
    Reference: detail.links[0] ?? '',
    ReleaseTime: detail.published ?? undefined,
    Solution: detail.fixable
      ? 'Update the package to the fixed version, or let OperateImageVul build a patched image.'
      : 'No fixed version is published yet.',
    Summary: detail.description ?? detail.title,
    Title: detail.title,
    VulLevel: levels[detail.severity],
  }));
}
