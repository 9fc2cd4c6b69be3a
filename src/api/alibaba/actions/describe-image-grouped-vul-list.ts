import type { VulnerabilityView } from '../../../service/index.ts';
import { action } from '../action.ts';
import { flatPaging, pageRequest, paging } from '../schema/paging.ts';
import { choice, choices, commaList, listOf, text, whole } from '../schema/parameter.ts';
import {
  allOf,
  among,
  containing,
  digests,
  flagged,
  inScanRange,
  selectedPage,
  unknownThing,
} from '../views/selection.ts';

/** Vulnerabilities with the number of findings of each priority. */
export const describeImageGroupedVulList = action({
  name: 'DescribeImageGroupedVulList',
  level: 'read',
  tier: 1,
  summary: 'pages through vulnerabilities with numbers of findings',
  parameters: {
    AliasName: text(),
    ClusterId: text(),
    ...paging(20),
    CveId: text(128),
    GroupId: text(),
    ImageDigest: text(),
    ImageLayer: text(),
    ImageTag: text(),
    IsLatest: whole(0, 1),
    Lang: choice('zh', 'en'),
    Name: text(),
    Necessity: choices('asap', 'later', 'nntf'),
    PatchId: whole(),
    RepoId: text(),
    RepoInstanceId: text(),
    RepoName: text(),
    RepoNamespace: text(),
    RepoRegionId: text(),
    RuleTag: text(),
    ScanRange: listOf('image', 'container'),
    Type: choice('cve', 'sca'),
    Uuids: commaList(),
  },
  run: async (input, { services, call }) => {
    const selection = allOf(
      containing('vuln.title', input.AliasName),
      among('vuln.id', input.CveId?.toUpperCase()),
      among('vuln.key', input.Name),
      among('priority', input.Necessity),
      among('kind', input.Type),
      digests('image.digest', input.ImageDigest),
      digests('layer', input.ImageLayer),
      among('image.tag', input.ImageTag),
      flagged('image.latest', input.IsLatest === 1 ? true : undefined),
      among('image.uuid', input.Uuids),
      among('registry.instanceId', input.RepoInstanceId),
      among('registry.region', input.RepoRegionId),
      among('repository.id', input.RepoId),
      among('repository.name', input.RepoName),
      among('repository.namespace', input.RepoNamespace),
      inScanRange(input.ScanRange),
      unknownThing(input.ClusterId, input.RuleTag),
    );
    const request = pageRequest(input);
    const page = await selectedPage(selection, (filter) =>
      services.findings.vulnerabilities(call, { ...filter, page: request }),
    );
    return { ...flatPaging(input, page), GroupedVulItems: page.rows.map(item) };
  },
});

function item(view: VulnerabilityView): object {
  return {
    AliasName: view.title,
    AsapCount: view.asap,
    CanFix: view.kind === 'cve' && view.fixable ? 'yes' : 'no',
    GmtLast: view.lastSeen,
    LastScanTime: view.lastSeen,
    LaterCount: view.later,
    Name: view.key,
    NntfCount: view.nntf,
    RuleTag: '',
    Status: view.openFindings === 0 && view.handledFindings > 0 ? 1 : 0,
    Tags: [...(view.vector?.includes('AV:N') ? ['Remote utilization'] : []), ...(view.kev ? ['EXP exists'] : [])].join(
      ',',
    ),
    Type: view.kind,
  };
}
