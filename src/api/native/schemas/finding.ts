import { z } from 'zod';
import type { FindingView, VulnerabilityDetail, VulnerabilityHead, VulnerabilityView } from '../../../service/index.ts';
import { iso, isoOrNull, time, timeOrNull } from './common.ts';
import { named } from './named.ts';

const head = {
  id: z.string(),
  key: z.string().describe('`debian:12:CVE-…`, `imgsca:<type>:<package>:<id>`'),
  kind: z.enum(['cve', 'sca']),
  aliases: z.array(z.string()),
  title: z.string(),
  severity: z.string(),
  priority: z.enum(['asap', 'later', 'nntf']),
  cvss: z.number().nullable(),
  vector: z.string().nullable(),
  epss: z.number().nullable(),
  kev: z.boolean(),
  fixable: z.boolean(),
};

function headJson(head: VulnerabilityHead) {
  const { id, key, kind, aliases, title, severity, priority, cvss, vector, epss, kev, fixable } = head;
  return { id, key, kind, aliases, title, severity, priority, cvss, vector, epss, kev, fixable };
}

const packageSchema = z.object({
  purl: z.string(),
  type: z.string(),
  name: z.string(),
  version: z.string(),
  arch: z.string().nullable(),
  sourceName: z.string().nullable(),
  sourceVersion: z.string().nullable(),
  fixedVersion: z.string().nullable(),
  state: z.string(),
  severity: z.string(),
  paths: z.array(z.string()),
  layers: z.array(z.string()),
  range: z.string().nullable(),
});

/** One finding, or one record (image × vulnerability) with all its packages. */
export const findingSchema = named(
  'Finding',
  z.object({
    recordId: z.number().describe('Names the vulnerability of this image in orders to fix'),
    imageUuid: z.string(),
    vulnerability: named('VulnerabilityHead', z.object(head)),
    packages: z.array(packageSchema),
    os: z.object({ id: z.string(), versionId: z.string().nullable() }).nullable(),
    firstSeen: time,
    lastSeen: time,
    changedAt: time,
    handled: z
      .object({ ruleId: z.number(), kind: z.string(), reason: z.string(), by: z.string(), until: timeOrNull })
      .nullable(),
    fixing: z.boolean(),
    fixedBy: z.string().nullable(),
  }),
);

/** A finding as the API shows it. */
export function findingJson(finding: FindingView) {
  const { handled } = finding;
  return {
    recordId: finding.recordId,
    imageUuid: finding.imageUuid,
    vulnerability: headJson(finding.vulnerability),
    packages: finding.packages,
    os: finding.os,
    firstSeen: iso(finding.firstSeen),
    lastSeen: iso(finding.lastSeen),
    changedAt: iso(finding.changedAt),
    handled: handled === null ? null : { ...handled, until: isoOrNull(handled.until) },
    fixing: finding.fixing,
    fixedBy: finding.fixedBy,
  };
}

/** One vulnerability over the estate. */
export const vulnerabilitySchema = named(
  'Vulnerability',
  z.object({
    ...head,
    images: z.number(),
    asap: z.number(),
    later: z.number(),
    nntf: z.number(),
    openFindings: z.number(),
    handledFindings: z.number(),
    firstSeen: time,
    lastSeen: time,
  }),
);

/** A vulnerability as lists of the API show it. */
export function vulnerabilityJson(row: VulnerabilityView) {
  const { images, asap, later, nntf, openFindings, handledFindings } = row;
  return {
    ...headJson(row),
    ...{ images, asap, later, nntf, openFindings, handledFindings },
    firstSeen: iso(row.firstSeen),
    lastSeen: iso(row.lastSeen),
  };
}

/** Everything that is known of one vulnerability. */
export const vulnerabilityDetailSchema = named(
  'VulnerabilityDetail',
  z.object({
    ...head,
    publishedAt: timeOrNull,
    description: z.string().nullable(),
    advisories: z.array(z.string()),
    links: z.array(z.string()).describe('http and https only'),
  }),
);

/** A vulnerability in full; links of other kinds than http and https are left out. */
export function vulnerabilityDetailJson(detail: VulnerabilityDetail) {
  return {
    ...headJson(detail),
    publishedAt: isoOrNull(detail.published),
    description: detail.description,
    advisories: detail.advisories,
    links: detail.links.filter((link) => /^https?:\/\//i.test(link)),
  };
}

/** An installed package of one image. */
export const imagePackageSchema = named(
  'ImagePackage',
  z.object({
    purl: z.string(),
    type: z.string(),
    name: z.string(),
    version: z.string(),
    findings: z.number(),
    paths: z.array(z.string()),
  }),
);

/** A package over the estate. */
export const estatePackageSchema = named(
  'EstatePackage',
  z.object({
    purl: z.string(),
    type: z.string(),
    name: z.string(),
    version: z.string(),
    images: z.number(),
    findings: z.number(),
  }),
);
