import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createSecrets } from '../../src/detectors/secrets/detector.ts';
import { armor, sequence } from '../../src/detectors/secrets/testdata/made.ts';
import { maskSecrets } from '../../src/detectors/secrets/text.ts';
import { ecosystems } from '../../src/ecosystems/index.ts';
import { fixedClock } from '../../src/kernel/index.ts';
import { type ExamineInput, examineImage } from '../../src/scan/examine-image.ts';
import { noAdvisories } from '../../src/scan/index.ts';
import { detectorOptions } from '../support/detection.ts';
import { handleOf } from '../support/image-handle.ts';
import { buildTestImage, tar } from '../support/test-image.ts';

/** Random letters and digits, new in every run; what they look like must not matter. */
function canary(length: number): string {
  let text = '';
  while (text.length < length)
    text += randomBytes(length)
      .toString('base64')
      .replaceAll(/[^A-Za-z0-9]/g, '');
  return text.slice(0, length);
}

/** Every form in which a value could leave: as it is, in hex, and in base64 wherever it starts in a text. */
function formsOf(value: string): string[] {
  const middle = value.slice(4, -2);
  const shifted = [0, 1, 2].map((shift) =>
    Buffer.from(' '.repeat(shift) + middle)
      .toString('base64')
      .slice(shift === 0 ? 0 : 4, -6),
  );
  return [middle, Buffer.from(middle).toString('hex'), ...shifted, [...middle].reverse().join('')];
}

const planted: string[] = [];
const plant = (length: number): string => {
  const value = canary(length);
  planted.push(value);
  return value;
};

const login = (): string => Buffer.from(`me:${plant(20)}`).toString('base64');
const keyBody = (): Buffer => sequence(Buffer.from([2, 1, 0, 2, 0x81, 200]), Buffer.from(plant(200)));
const files: Record<string, string | Buffer> = {
  'srv/.env': `DB_PASSWORD=${plant(20)}\nDATABASE_URL=postgres://me:${plant(20)}@db/app\nGL=glpat${'-'}${plant(20)}\n`,
  'srv/wp-config.php': `<?php\ndefine('DB_PASSWORD', '${plant(24)}');\n`,
  'srv/settings.py': `SECRET_KEY = '${plant(50)}'\n`,
  'srv/config/database.yml': `production:\n  password: "${plant(20)}"\n`,
  'srv/one-line.js': `${'a=b;'.repeat(50_000)}token="npm${'_'}${plant(36)}";${'a=b;'.repeat(50_000)}`,
  'srv/server.pem': armor('RSA ', keyBody()),
  'srv/server.der.key': keyBody(),
  'srv/broken.pem': armor('RSA ', Buffer.from(plant(60))),
  'root/.netrc': `machine x login me password ${plant(20)}\n`,
  'root/.npmrc': `//registry.test.example/:_authToken=${plant(36)}\n`,
  'root/.pgpass': `db:5432:*:me:${plant(20)}\n`,
  'root/.docker/config.json': `{"auths":{"x":{"auth":"${login()}"}}}`,
  'root/.aws/credentials': `[default]\naws_access_key_id = AKIA${'QYLPMN5HFIQR7XYA'}\naws_secret_access_key = ${plant(40)}\n`,
  'root/.git-credentials': `https://me:${plant(20)}@git.test.example\n`,
  'root/wide.reg': Buffer.concat([
    Buffer.from([0xff, 0xfe]),
    Buffer.from(`x rubygems${'_'}${'0'.repeat(8)} glpat${'-'}${plant(20)}`, 'utf16le'),
  ]),
  'srv/x.pyc': Buffer.concat([Buffer.alloc(16), Buffer.from(`glpat${'-'}${plant(20)}`), Buffer.alloc(2)]),
  'root/.kube/config': `apiVersion: v1\nusers:\n- user:\n    token: ${plant(60)}\n    client-key-data: ${Buffer.from(armor('', keyBody())).toString('base64')}\n`,
};
const settings = {
  Env: [`API_TOKEN=${plant(24)}`],
  Labels: { password: plant(24) },
  Cmd: ['app', '--password', plant(24)],
  Entrypoint: ['run', `--db=postgres://me:${plant(24)}@db/app`],
};
const history = [{ created_by: `|1 SECRET_TOKEN=${plant(24)} /bin/sh -c make` }];

test('no planted value leaves the detector in any form: facts, findings, messages, errors, masked texts', async () => {
  const image = buildTestImage([tar(files)], { config: { config: settings, history } });
  const kept: string[] = [];
  const cache: ExamineInput['cache'] = {
    get: async () => undefined,
    put: async (key, value) => {
      if (key.visitor.startsWith('secrets-')) kept.push(JSON.stringify([key, value]));
    },
  };
  const now = new Date('2026-06-01T00:00:00Z');
  const detector = createSecrets({
    ...detectorOptions(['secret']),
    secrets: { off: [], on: ['generic_api_key', 'url_credentials'] },
  });
  const { detected } = await examineImage({
    ...{ image: handleOf(image), ecosystems, detectors: [detector], index: noAdvisories(now), cache },
    ...{ clock: fixedClock(now), signal: AbortSignal.timeout(60_000), progress() {} },
  });
  assert.equal(kept.length, 1);
  // Every file and every text has something that was found, so that all values went through.
  const found = new Set(detected.sensitive?.map(({ path }) => path));
  const places = [...Object.keys(files), 'config:Env', 'config:Labels', 'config:Cmd', 'config:Entrypoint', 'history:0'];
  assert.deepEqual(
    places.filter((path) => !found.has(path)),
    [],
  );
  const masked = [...settings.Env, history[0]?.created_by ?? '', files['srv/.env']].map((text) =>
    maskSecrets(String(text)),
  );
  const all = [JSON.stringify(detected), ...kept, ...masked].join('\n');
  for (const value of planted) {
    for (const form of formsOf(value))
      assert.ok(!all.includes(form), `a value of ${value.length} characters is in the output`);
  }
});
