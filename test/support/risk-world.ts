import {
  type EstateRule,
  type RiskFinding,
  type RiskHead,
  riskDecisionsFor,
  riskFacts,
  riskKinds,
} from '../../src/findings/index.ts';
import type { ImageRow, RepositoryRecord } from '../../src/inventory/index.ts';
import { EstateWorld } from './estate-world.ts';
import { pick, type Random, some } from './random.ts';
import { failedCheck, maliciousFile, sensitiveFile } from './risk-samples.ts';

/** An estate with findings of detectors and decisions on them. */
export class RiskWorld extends EstateWorld {
  /** By id of the risk. */
  override readonly findings = new Map<number, RiskFinding>();
  readonly #random: Random;
  readonly #heads: string[] = [];
  readonly #keys: string[] = [];

  constructor(random: Random) {
    super(random);
    this.#random = random;
    for (const finding of pool) this.#addRisk(finding);
    for (const { manifestId } of this.images) if (random() < 0.8) this.detect(manifestId);
  }

  #addRisk(finding: RiskFinding): void {
    const { kind, level, counted, key, head, path, md5, sha256, layer } = riskFacts(finding);
    const numberIn = (list: string[], text: string): number => {
      if (!list.includes(text)) list.push(text);
      return 1 + list.indexOf(text);
    };
    const id = this.risks.length + 1;
    const headId = numberIn(this.#heads, head);
    this.risks.push({
      ...{ id, kind, level, counted, keyId: numberIn(this.#keys, key), headId },
      ...{ head: JSON.parse(head) as RiskHead, path, md5, sha256, layer },
    });
    this.findings.set(id, finding);
  }

  /** Every finding that there is, in a manifest. */
  detectAll(manifestId: number): void {
    const set = { id: this.riskSets.length + 1, members: Int32Array.from(this.risks.map(({ id }) => id)) };
    this.riskSets.push(set);
    const revision = ++this.revisions.ingest;
    this.riskContents.set(manifestId, { manifestId, setId: set.id, firstAt: 5, revision, since: null, seen: null });
  }

  /** Other findings in a manifest. */
  detect(manifestId: number): void {
    const random = this.#random;
    const members = Int32Array.from(some(random, this.risks, 0.3).map(({ id }) => id));
    const reuse = this.riskSets.length > 0 && random() < 0.4;
    const set = reuse ? pick(random, this.riskSets) : { id: this.riskSets.length + 1, members };
    if (!reuse) this.riskSets.push(set);
    const keys = some(random, this.risks, 0.1).map(({ keyId }) => keyId);
    this.riskContents.set(manifestId, {
      ...{ manifestId, setId: set.id, firstAt: this.now++, revision: ++this.revisions.ingest },
      since: keys.length === 0 ? null : new Map(keys.map((key) => [key, this.now++])),
      seen: random() < 0.2 ? new Map([['secret', 7]]) : null,
    });
  }

  addRiskRule(): void {
    const random = this.#random;
    const kind = pick(random, riskKinds);
    const names = {
      baseline: ['ID-001', 'item_ID-002'],
      instruction: ['IC-001'],
      malicious: ['rule:toy_shell', `md5:${'2'.padStart(32, '0')}`, `sha256:${'3'.padStart(64, '0')}`],
      sensitive: ['pem', 'npm_token'],
    }[kind];
    this.rules.push({
      ...{ id: this.rules.length + 1 + this.revisions.rules, kind, findingKind: null },
      projectId: random() < 0.3 ? 2 : null,
      vulnerabilities: random() < 0.2 ? [] : [pick(random, names)],
      scope: pick<EstateRule['scope']>(random, [
        { kind: 'global' },
        { kind: 'repositories', paths: [pick(random, this.repositories).path] },
        { kind: 'registries', ids: [1] },
        { kind: 'images', uuids: [pick(random, this.images).uuid] },
      ]),
      verdict: pick(random, ['whitelisted', 'false_positive', 'handled', 'verifying'] as const),
      ...(random() < 0.3 && { conditions: [{ field: 'path' as const, op: 'prefix' as const, value: '/srv' }] }),
      ...{ reason: 'because', by: 'somebody', createdAt: 0, expiresAt: random() < 0.2 ? 1 : null, expiresWhen: 'none' },
    });
    this.revisions.rules++;
  }

  /** One change of a random kind, of risks or of anything else. */
  override change(): void {
    pick(this.#random, [
      () => this.detect(pick(this.#random, this.images).manifestId),
      () => this.addRiskRule(),
      () => this.addRiskRule(),
      () => super.change(),
    ])();
  }
}

const pool: readonly RiskFinding[] = [
  failedCheck('ID-001'),
  failedCheck('ID-001', { level: 'low', total: 4 }),
  failedCheck('ID-002', { level: 'medium' }),
  failedCheck('SH-001', { name: 'ssh_config', class: 'access_control', level: 'low' }),
  failedCheck('IC-001', { axis: 'instruction', class: 'other', name: 'other', level: 'medium' }),
  failedCheck('IC-009', { axis: 'instruction', class: 'other', name: 'other', inBase: true }),
  maliciousFile(1),
  maliciousFile(2, { path: 'srv/a' }),
  maliciousFile(2, { path: 'opt/a', level: 'suspicious' }),
  maliciousFile(3, { rule: 'other', key: 'MINER_IMG', level: 'remind', uncounted: 'coverage' }),
  sensitiveFile('pem', 'srv/key.pem', { level: 'high' }),
  sensitiveFile('pem', 'root/key.pem'),
  sensitiveFile('npm_token', 'root/.npmrc', { level: 'low' }),
];

/** A finding of one image, as plain loops see it. */
export interface NaiveRisk {
  readonly image: ImageRow;
  readonly repository: RepositoryRecord;
  readonly riskId: number;
  readonly keyId: number;
  readonly counted: boolean;
  readonly level: number;
  readonly finding: RiskFinding;
  readonly rule: EstateRule | null;
  readonly firstSeen: number;
}

/** Every finding of every image, one object each. */
export function allRisks(world: RiskWorld): NaiveRisk[] {
  return world.images
    .toSorted((a, b) => a.id - b.id)
    .flatMap((image) => {
      const repository = world.repositories.find(({ id }) => id === image.repositoryId) as RepositoryRecord;
      const content = world.riskContents.get(image.manifestId);
      const set = world.riskSets.find(({ id }) => id === content?.setId);
      const decide = riskDecisionsFor(
        world.rules,
        {
          ...{ uuid: image.uuid, digests: [image.digest], projectId: repository.projectId },
          ...{ registryId: repository.registryId, registryKind: 'oci', repositoryPath: repository.path },
        },
        world.now,
      );
      return [...(set?.members ?? [])].map((riskId): NaiveRisk => {
        const finding = world.findings.get(riskId) as RiskFinding;
        const { keyId, counted, level } = world.risks[riskId - 1] as (typeof world.risks)[number];
        const firstSeen = content?.since?.get(keyId) ?? content?.firstAt ?? 0;
        return { image, repository, riskId, keyId, counted, level, finding, rule: decide(finding), firstSeen };
      });
    });
}
