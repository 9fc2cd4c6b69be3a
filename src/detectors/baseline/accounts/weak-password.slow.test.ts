import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkOutcome, detect, detectorOptions, type LayerFiles } from '../../../../test/support/detection.ts';
import { type BaselineSettings, type DetectorOptions, defaultBaselineSettings } from '../../index.ts';

/** Made with the system's crypt(3): `dragon`, `321bew`, `shop`. */
const dragon =
  '$6$rounds=1000$saltsalt$IiU0Z6d5UnNEtwC5I1qRZ/pLNmIjHn51uWZVg6hF4WyZ4oh8bj4799uoLz8Kpa/wd0qvNnDq4.iRFe2NW5GHK0';
const reversed = 'abMoFKvkKciIo';
const shop = '$y$j3.$abcdefgh$W4wXySGq6fXbEIWqG1T.mB2EyzMN2ZOLNxXgNQqavuD';
const digest = 'a'.repeat(43);

function image(fields: Readonly<Record<string, string>>): readonly LayerFiles[] {
  const names = Object.keys(fields);
  const passwd = names.map((name, index) => `${name}:x:${1000 + index}:100::/:/bin/sh\n`).join('');
  return [{ 'etc/passwd': passwd, 'etc/shadow': names.map((name) => `${name}:${fields[name]}:1::::::\n`).join('') }];
}

function policy(passwords: Partial<BaselineSettings['passwords']> = {}): DetectorOptions['policy'] {
  const settings = { ...defaultBaselineSettings, passwords: { ...defaultBaselineSettings.passwords, ...passwords } };
  return { name: 'test', asks: ({ id }) => id === 'ID-002', settings };
}

const outcome = (
  layers: readonly LayerFiles[],
  passwords: Partial<BaselineSettings['passwords']> = {},
): Promise<string> =>
  checkOutcome('ID-002', layers, { detectors: { policy: policy(passwords) }, reference: 'test.example/shop:1' });

test('weak passwords are found, named by kind, and never shown', async () => {
  const options = detectorOptions(['baseline'], { policy: policy() });
  const layers = image({ ann: dragon, web123: reversed, web: reversed, eve: shop, ok: '!' });
  const { baseline } = await detect(options, layers, { reference: 'test.example/shop:1' });
  const [failed] = baseline?.failed ?? [];
  assert.equal(failed?.level, 'high');
  assert.deepEqual(
    failed?.evidence.map(({ line, excerpt }) => `${line} ${excerpt?.replace(/\d+ candidates/, 'n candidates')}`),
    [
      '1 ann: weak: common password (n candidates tried; sha512crypt rounds=1000 a guess)',
      '2 web123: weak: the user name reversed (n candidates tried; des DES a guess)',
      '4 eve: weak: equals the image name (n candidates tried; yescrypt N=64 r=1 a guess)',
    ],
  );
  assert.ok(!/dragon|321bew/.test(JSON.stringify(baseline)));
});

test('other passwords pass; words of the policy are tried; without shadow it does not apply', async () => {
  // Made of `staple 7`, which no list has.
  const strong = image({ ann: 'abQ2mlFNgzf6c' });
  assert.equal(await outcome(strong), 'pass');
  assert.equal(await outcome(strong, { words: ['staple 7'] }), 'fail:high');
  assert.equal(await outcome(strong, { words: ['staple 7'], perAccount: 3 }), 'pass');
  assert.equal(await outcome([{}]), 'not_applicable');
  assert.equal(await outcome(image({ ann: '*' })), 'pass');
});

test('what cannot be tried is not passed, and does not hide what was found', async () => {
  const gost = `$gy$j9T$salt$${digest}`;
  assert.equal(await outcome(image({ ann: gost })), 'unknown:scheme');
  assert.equal(await outcome(image({ ann: gost, bob: dragon })), 'fail:high');
  assert.equal(await outcome(image({ ann: dragon }), { enabled: false }), 'unknown:not_asked');
  assert.equal(await outcome(image({ ann: 'abQ2mlFNgzf6c', bob: dragon }), { accounts: 1 }), 'unknown:timeout');
});

test('a hash that asks for hours gets the seconds of the policy, and the next account its own', async () => {
  const hours = `$6$rounds=999999999$salt$${'a'.repeat(86)}`;
  const bcrypt = `$2b$31$${'a'.repeat(53)}`;
  const started = performance.now();
  assert.equal(await outcome(image({ ann: hours, bob: bcrypt }), { seconds: 1 }), 'unknown:timeout');
  assert.ok(performance.now() - started < 15_000);
  assert.equal(await outcome(image({ ann: hours, web123: reversed }), { seconds: 2 }), 'fail:high');
});
