import { hkdfSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readInput, readOrMakeSecret } from '../adapters/files.ts';
import {
  type BaselinePolicy,
  builtInPolicies,
  createDetectors,
  type Detector,
  type DetectorId,
  readPolicyFile,
  ruleSetOf,
} from '../detectors/index.ts';
import type { ScannerName } from '../findings/index.ts';
import { openEngines } from './engines-wiring.ts';
import { ruleService } from './rules-wiring.ts';
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

/** Makes detectors; disposing closes outside engines. */
export interface DetectorSource extends AsyncDisposable {
  detectors(choice: ScannerChoice): Promise<readonly Detector[]>;
}

/**
 * Rules are compiled and keys read at the first use, once.
 * @param options.secret from which the key is derived that tells values of secrets apart; processes of one service share
 *   it. Without it there is one in the data directory.
 * @param options.engines false leaves outside engines out.
 */
export function openDetectors(
  settings: Settings,
  { secret, engines = true }: { readonly secret?: Uint8Array | undefined; readonly engines?: boolean } = {},
): DetectorSource {
  const { rules } = ruleService(settings);
  let key: Promise<Uint8Array> | undefined;
  let opened: ReturnType<typeof openEngines> | undefined;
  return {
    async detectors({ scanners, baselinePolicy = 'default', policy, secrets = { off: [], on: [] } }) {
      const asked = new Set(scanners.filter((name): name is DetectorId => name !== 'vuln'));
      if (asked.size === 0) return [];
      key ??= secretKey(settings, secret);
      if (engines && asked.has('malware')) opened ??= openEngines(settings, rules);
      return createDetectors({
        asked,
        policy: policy ?? (await readPolicy(baselinePolicy)),
        rules: ruleSetOf(rules),
        engines: opened?.engines ?? [],
        secretKey: await key,
        secrets,
      });
    },
    async [Symbol.asyncDispose]() {
      await opened?.[Symbol.asyncDispose]();
    },
  };
}

async function secretKey(settings: Settings, secret: Uint8Array | undefined): Promise<Uint8Array> {
  if (secret !== undefined) return new Uint8Array(hkdfSync('sha256', secret, '', 'secret-id', 32));
  return readOrMakeSecret(join(settings.dataDirectory, 'secret-id.key'), () => randomBytes(32));
}

async function readPolicy(name: string): Promise<BaselinePolicy> {
  const builtIn = builtInPolicies.find((policy) => policy.name === name);
  return builtIn ?? readPolicyFile(await readInput(name, policyBytes), name);
}
