import { hkdfSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readInput, readOrMakeSecret } from '../adapters/files.ts';
import {
  type BaselinePolicy,
  builtInPolicies,
  createDetectors,
  type Detector,
  type DetectorId,
  type RuleSet,
} from '../detectors/index.ts';
import type { ScannerName } from '../findings/index.ts';
import type { Settings } from './settings.ts';

/** What a scan looks for besides vulnerabilities, and by which policy. */
export interface ScannerChoice {
  readonly scanners: readonly ScannerName[];
  /** Name of a built-in policy, or a policy file. */
  readonly baselinePolicy?: string;
  /** Decides instead of the name. */
  readonly policy?: BaselinePolicy;
  /** Rules of sensitive files that are switched off, or on although they are not by default. */
  readonly secrets?: { readonly off: readonly string[]; readonly on: readonly string[] };
}

const policyBytes = 1024 * 1024;

/**
 * Makes the detectors of scans; rules are compiled and keys read at the first use, once.
 * @param secret from which the key is derived that tells values of secrets apart; processes of one service share it.
 *   Without it there is one in the data directory.
 */
export function detectorSource(
  settings: Settings,
  secret?: Uint8Array,
): (choice: ScannerChoice) => Promise<readonly Detector[]> {
  let rules: Promise<RuleSet> | undefined;
  let key: Promise<Uint8Array> | undefined;
  return async ({ scanners, baselinePolicy = 'default', policy, secrets = { off: [], on: [] } }) => {
    const asked = new Set(scanners.filter((name): name is DetectorId => name !== 'vuln'));
    if (asked.size === 0) return [];
    key ??= secretKey(settings, secret);
    return createDetectors({
      asked,
      policy: policy ?? (await readPolicy(baselinePolicy)),
      rules: () => {
        rules ??= openRules(settings);
        return rules;
      },
      engines: [],
      secretKey: await key,
      secrets,
    });
  };
}

async function secretKey(settings: Settings, secret: Uint8Array | undefined): Promise<Uint8Array> {
  if (secret !== undefined) return new Uint8Array(hkdfSync('sha256', secret, '', 'secret-id', 32));
  return readOrMakeSecret(join(settings.dataDirectory, 'secret-id.key'), () => randomBytes(32));
}

async function readPolicy(name: string): Promise<BaselinePolicy> {
  const builtIn = builtInPolicies.find((policy) => policy.name === name);
  if (builtIn === undefined) throw new Error(`${name}: ${(await readInput(name, policyBytes)).length}`);
  return builtIn;
}

/** Rules of this installation. */
async function openRules(_settings: Settings): Promise<RuleSet> {
  return {
    version: 'none',
    rules: 0,
    needs: { sha1: false },
    scan: () => ({ chunk() {}, end: () => ({ hits: [], timedOut: false }) }),
    byHash: () => [],
  };
}
