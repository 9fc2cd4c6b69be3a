import { type Filter, placeInImage } from '../../../findings/index.ts';
import type { RiskGroup, RiskHit, RiskKind, RiskStatus } from '../../../service/index.ts';
import type { HuaweiRoute, RouteCall } from '../contract.ts';
import { serviceRefusal } from '../errors.ts';
import { allOf, imageCriteria, imagesFilter, listedScanStatus, nothing } from '../input/criteria.ts';
import { pageOf } from '../input/page.ts';
import type { QueryInput } from '../input/query.ts';
import { checkNameOf, imageOf, languageOf, levelNamed, namesOfCheck, severityOf } from '../views/risk.ts';

const words = ['Security', 'Low', 'Medium', 'High', 'Critical'] as const;
/** What goes on counting: that somebody looks at it changes nothing. */
const unhandled: readonly RiskStatus[] = ['open', 'verifying'];
const maliciousLevels = { high: 'serious', medium: 'suspicious', low: 'remind' } as const;

/** Filter of the images that a list is about. @throws HuaweiRefusal `HSS.0011` for an image that is not there */
async function imageFilter({ query, call, services, params }: RouteCall): Promise<Filter | undefined> {
  const id = params.image_id ?? query.text('image_id', { max: 256 });
  if (id !== undefined && (await services.images.byUuids(call, [id])).length === 0) throw serviceRefusal('HSS.0011');
  return allOf([
    imageCriteria(query, { scanStatus: listedScanStatus, maxName: 256 }),
    id === undefined ? undefined : imagesFilter([id]),
  ]);
}

function narrowed(kind: RiskKind, query: QueryInput, filter: Filter | undefined) {
  const word = query.word('severity', words) ?? query.word('severity_level', words);
  const level = word === undefined ? undefined : levelNamed(word);
  const wanted = level === undefined || level === 'none' ? undefined : level;
  const selected = level === 'none' ? nothing : filter;
  const handled = query.word('handle_status', ['unhandled', 'handled']);
  return {
    kind,
    ...(selected !== undefined && { filter: selected }),
    ...(wanted !== undefined && { levels: [kind === 'malicious' ? maliciousLevels[wanted] : wanted] }),
    ...(handled === 'unhandled' && { statuses: unhandled }),
    ...(handled === 'handled' && { statuses: ['handled', 'whitelisted', 'false_positive'] as const }),
  };
}

function hitList(
  head: Pick<HuaweiRoute, 'path' | 'operation' | 'scope'>,
  kind: RiskKind,
  item: (hit: RiskHit, call: RouteCall) => object,
): HuaweiRoute {
  return {
    ...{ ...head, method: 'GET', action: 'hss:images:list', writes: false },
    handle: async (call) => {
      const query = { ...narrowed(kind, call.query, await imageFilter(call)), listed: false, page: pageOf(call.query) };
      const found = await call.services.risks.hits(call.call, query);
      return { total_num: found.total, data_list: found.rows.map((hit) => item(hit, call)) };
    },
  };
}

const maliciousItem = (hit: RiskHit, call: RouteCall): object => {
  const { finding } = hit;
  if (finding.kind !== 'malicious') return {};
  const path = placeInImage(finding.path, finding.member);
  return {
    ...imageOf(hit),
    ...{ malware_name: hit.title[languageOf(call)], severity: severityOf(hit), position: finding.layer },
    ...{ file_name: path.slice(path.lastIndexOf('/') + 1), file_path: path, file_size: finding.size ?? 0 },
    ...{ size: finding.size ?? 0, md5: finding.md5 ?? '', sha256: finding.sha256 ?? '' },
    ...{ malware_type: hit.className[languageOf(call)], description: hit.advice[languageOf(call)] },
    ...times(hit),
  };
};

const sensitiveItem = (hit: RiskHit, call: RouteCall): object => {
  const { finding } = hit;
  if (finding.kind !== 'sensitive') return {};
  return {
    ...imageOf(hit),
    ...{ sensitive_info_id: hit.id, severity: severityOf(hit), name: hit.title[languageOf(call)] },
    ...{
      description: hit.description[languageOf(call)],
      position: finding.layer ?? '',
      file_path: placeInImage(finding.path),
    },
    ...{ content: finding.excerpt ?? '', handle_status: unhandled.includes(hit.status) ? 'unhandled' : 'handled' },
    ...times(hit),
  };
};

function times({ firstSeen, lastSeen }: Pick<RiskHit, 'firstSeen' | 'lastSeen'>) {
  return { first_scan_time: firstSeen, latest_scan_time: lastSeen };
}

/** Malicious files of all images. */
export const listMalwares = hitList(
  { path: '/image/malwares', operation: 'ListImageMalwares', scope: 'list' },
  'malicious',
  maliciousItem,
);

/** Malicious files of one image. */
export const listMalwaresOfImage = hitList(
  { path: '/image/:image_id/malwares', operation: 'ListImageMalware', scope: 'lookup' },
  'malicious',
  maliciousItem,
);

/** Sensitive information in all images. */
export const listSensitiveInformation = hitList(
  { path: '/image/sensitive-information', operation: 'ListImageSensitiveInformation', scope: 'list' },
  'sensitive',
  sensitiveItem,
);

/** Sensitive information in one image. */
export const listSensitiveOfImage = hitList(
  { path: '/image/:image_id/sensitive', operation: 'ListImageSensitive', scope: 'lookup' },
  'sensitive',
  sensitiveItem,
);

/** Build instructions that fail checks, by rule. */
export const listBuildCommandRisks: HuaweiRoute = {
  method: 'GET',
  path: '/image/build-command-risks',
  operation: 'ListImageBuildCommandRisks',
  action: 'hss:images:list',
  scope: 'list',
  writes: false,
  handle: async (call) => {
    const query = narrowed('instruction', call.query, await imageFilter(call));
    const found = await call.services.risks.groups(call.call, { ...query, by: 'rule', page: pageOf(call.query) });
    return { total_num: found.total, data_list: found.rows.map((group) => buildRule(group, call)) };
  },
};

function buildRule(group: RiskGroup, call: RouteCall): object {
  const language = languageOf(call);
  return {
    ...{ rule_id: group.ruleKey, rule_name: group.title[language], severity: severityOf(group).toLowerCase() },
    ...{ description: group.description[language], solution: group.advice[language] },
    ...{ image_num: group.images.total, unhandled_image_num: group.openImages },
    ...times(group),
  };
}

/** Images whose build instructions fail a check, with the instruction. */
export const listBuildCommandRiskImages = hitList(
  { path: '/image/build-command-risks/images', operation: 'ListImageBuildCommandRiskImages', scope: 'list' },
  'instruction',
  (hit, call) => ({
    ...imageOf(hit),
    ...{ rule_id: hit.ruleKey, rule_name: hit.title[languageOf(call)], severity: severityOf(hit).toLowerCase() },
    build_instruction: hit.finding.kind === 'baseline' ? (hit.finding.evidence[0]?.excerpt ?? '').slice(0, 256) : '',
    ...times(hit),
  }),
);

/** Baselines with the numbers of their checks that fail. */
export const listRiskConfigs: HuaweiRoute = {
  method: 'GET',
  path: '/image/baseline/risk-configs',
  operation: 'ListImageRiskConfigs',
  action: 'hss:images:list',
  scope: 'list',
  writes: false,
  handle: async (call) => {
    const query = narrowed('baseline', call.query, await imageFilter(call));
    const groups = await allGroups(call, query);
    const byName = [...Map.groupBy(groups, checkNameOf)].map(([name, own]) => ({
      ...{ check_name: name, check_type: name, standard: 'hw_standard', severity: severityOf(own[0] as RiskGroup) },
      ...{ check_rule_num: own.length, failed_rule_num: own.filter(({ status }) => unhandled.includes(status)).length },
      image_num: Math.max(...own.map(({ images }) => images.total)),
      latest_scan_time: Math.max(...own.map(({ lastSeen }) => lastSeen)),
    }));
    const { offset, limit } = pageOf(call.query);
    return { total_num: byName.length, data_list: byName.slice(offset, offset + limit) };
  },
};

/** Checks of a baseline that fail. */
export const listRiskConfigRules: HuaweiRoute = {
  method: 'GET',
  path: '/image/baseline/risk-configs/:check_name/rules',
  operation: 'ListImageRiskConfigRules',
  action: 'hss:images:list',
  scope: 'lookup',
  writes: false,
  handle: async (call) => {
    const names = namesOfCheck(call.params.check_name ?? '');
    if (names === undefined) throw serviceRefusal('HSS.0011');
    const query = { ...narrowed('baseline', call.query, await imageFilter(call)), names };
    const found = await call.services.risks.groups(call.call, { ...query, by: 'rule', page: pageOf(call.query) });
    const language = languageOf(call);
    const rows = found.rows.map((group) => ({
      ...{ check_rule_id: group.key, check_rule_name: group.title[language], check_name: checkNameOf(group) },
      ...{ severity: severityOf(group), standard: 'hw_standard', image_num: group.images.total },
      scan_result: unhandled.includes(group.status) ? 'failed' : 'pass',
      ...{
        description: group.description[language],
        solution: group.advice[language],
        latest_scan_time: group.lastSeen,
      },
    }));
    return { total_num: found.total, data_list: rows };
  },
};

/** Numbers of weak passwords, password rules and other checks that fail. */
export const baselineStatistic: HuaweiRoute = {
  method: 'GET',
  path: '/image/baseline/statistic',
  operation: 'ShowImageBaselineStatistic',
  action: 'hss:images:list',
  scope: 'list',
  writes: false,
  handle: async (call) => {
    const query = { ...narrowed('baseline', call.query, await imageFilter(call)), statuses: unhandled };
    const groups = await allGroups(call, query);
    const sum = (keys: readonly string[]): number =>
      groups.filter(({ ruleKey }) => keys.includes(ruleKey)).reduce((total, { hits }) => total + hits.total, 0);
    return {
      image_weak_pwd: sum(['weak_password', 'duplicate_pwd_hash']),
      pwd_policy: sum(['pwd_complexity']),
      security_check: groups.reduce((total, { hits }) => total + hits.total, 0),
    };
  },
};

/** The catalogue has fewer checks than a page has rows. */
async function allGroups(call: RouteCall, query: ReturnType<typeof narrowed>): Promise<readonly RiskGroup[]> {
  const page = { offset: 0, limit: 1_000 };
  return (await call.services.risks.groups(call.call, { ...query, by: 'rule', page })).rows;
}
