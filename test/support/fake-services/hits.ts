import type { RiskFinding } from '../../../src/findings/index.ts';
import {
  type CatalogueRule,
  detectorCatalogue,
  type ImageView,
  type RiskHit,
  type RiskKind,
} from '../../../src/service/index.ts';
import { failedCheck, maliciousFile, sensitiveFile } from '../risk-samples.ts';

/** A finding of a detector in an image, with the words of the catalogue; open unless told otherwise. */
export function fakeHit(id: number, image: ImageView, finding: RiskFinding, over: Partial<RiskHit> = {}): RiskHit {
  const kind = kindOf(finding);
  const { classes, names } = detectorCatalogue(kind);
  const ruleKey = finding.kind === 'baseline' ? finding.item : finding.kind === 'malicious' ? finding.key : finding.id;
  const rule = ruleOf(kind, ruleKey);
  const { classKey, nameKey, description, advice } = rule;
  const className = classes[classKey] ?? { en: classKey, zh: classKey };
  const title = finding.kind === 'malicious' ? { en: finding.title, zh: finding.title } : rule.title;
  return {
    ...{ kind, id, image, level: finding.level, finding, counted: true, status: 'open', decision: null },
    ...{ classKey, className, nameKey, name: names[nameKey] ?? className, ruleKey, title, description, advice },
    ...{ firstSeen: Date.UTC(2026, 10, 4), lastSeen: Date.UTC(2026, 10, 5), lastVerified: Date.UTC(2026, 10, 5) },
    ...over,
  };
}

function kindOf(finding: RiskFinding): RiskKind {
  return finding.kind === 'baseline' && finding.axis === 'instruction' ? 'instruction' : finding.kind;
}

function ruleOf(kind: RiskKind, key: string): CatalogueRule {
  const found = detectorCatalogue(kind).rules.find((rule) => rule.key === key);
  if (found === undefined) throw new Error(`no rule ${key} of the kind ${kind}`);
  return found;
}

/** A failed check as it is called in the catalogue. */
function check(kind: 'baseline' | 'instruction', item: string, over: Parameters<typeof failedCheck>[1] = {}) {
  const { id, classKey, nameKey } = ruleOf(kind, item);
  return failedCheck(id, { axis: kind, class: classKey, name: nameKey, item, ...over });
}

/**
 * Findings of all kinds in three images of `shop` and one of `bank`: two baselines, one item accepted; a build
 * instruction, open and accepted; a web shell in two images and a miner; tokens and a key, one a false positive.
 */
export function sampleHits(one: ImageView, two: ImageView, three: ImageView, four: ImageView): RiskHit[] {
  const add = (inBase = false) => {
    const { evidence } = failedCheck('IC-009');
    const excerpt = 'ADD https://files.example/tool /usr/bin/tool';
    const lines = evidence.map((place) => ({ ...place, path: 'history:4', excerpt, line: null }));
    return check('instruction', 'add', { level: 'low', evidence: lines, inBase });
  };
  const miner = maliciousFile(3, { key: 'MINER_IMG', title: 'Toy miner', level: 'suspicious', path: 'opt/miner' });
  return [
    fakeHit(901, one, check('baseline', 'duplicate_uid')),
    fakeHit(902, one, check('baseline', 'weak_ssh_crypto', { level: 'medium' }), { status: 'whitelisted' }),
    fakeHit(903, two, check('baseline', 'duplicate_uid', { level: 'medium' })),
    fakeHit(904, four, check('baseline', 'duplicate_uid')),
    fakeHit(911, one, add()),
    fakeHit(912, three, add(), { status: 'whitelisted' }),
    fakeHit(921, one, maliciousFile(1)),
    fakeHit(922, two, maliciousFile(1, { path: 'srv/copy.zip', member: 'a.php' }), { status: 'handled' }),
    fakeHit(923, four, miner),
    fakeHit(931, one, sensitiveFile('npm_token', 'root/.npmrc')),
    fakeHit(932, three, sensitiveFile('npm_token', 'srv/.npmrc', { level: 'low' }), { status: 'false_positive' }),
    fakeHit(933, four, sensitiveFile('rsa_private_key', 'srv/key.pem', { level: 'high' })),
  ];
}
