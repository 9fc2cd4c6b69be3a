import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { namesSecret } from '../../../secrets/tokens/assignments.ts';
import { maskedAround, maskedLine } from './masked.ts';
import { namedValues } from './named-values.ts';

/** Made up, of letters and digits in no order. */
const value = 'q7Zk2vXw9RbT4mLp';

test('names that announce a secret are told from those of what stands around it', () => {
  const secret = [
    'DB_PASSWORD',
    'GITHUB_TOKEN',
    'api-key',
    'apiKey',
    'client.secret',
    'MYSQL_PWD',
    'SMTP_PASS',
    'privateKey',
  ];
  const harmless = [
    'GPG_KEY',
    'AWS_ACCESS_KEY_ID',
    'PASSWORD_FILE',
    'TOKEN_URL',
    'PATH',
    'PWD',
    'OLDPWD',
    'PYTHON_SHA256',
  ];
  assert.deepEqual(
    secret.filter((name) => !namesSecret(name)),
    [],
  );
  assert.deepEqual([...harmless, 'SECRET_NAME', 'COMPASS', 'PASSENGER_VERSION', 'PUBLIC_KEY'].filter(namesSecret), []);
});

test('values are found behind names and options, quoted or not', () => {
  const found = (text: string): string[] => namedValues(text).map((one) => `${one.name}:${one.value}`);
  assert.deepEqual(found('ENV A=b C="d e" F=\'g\''), ['A:b', 'C:d e', 'F:g']);
  assert.deepEqual(found('tool --password hunter --user=me -x'), ['password:hunter', 'user:me']);
  assert.deepEqual(found('A="never ends'), ['A:never ends']);
  assert.deepEqual(found('= =b --'), []);
});

test('no secret leaves in an excerpt, wherever it stands', () => {
  const texts = [
    `export DB_PASSWORD=${value} && ./run`,
    `curl https://user:${value}@example.org/x`,
    `tool --password ${value}`,
    `ENV A_TOKEN="${value}" B=c`,
    `${'x '.repeat(60)}API_KEY=${value}${' y'.repeat(200)}`,
  ];
  for (const text of texts) {
    const masked = maskedLine(text);
    assert.ok(!masked.includes(value.slice(0, 8)), masked);
    assert.ok(masked.length <= 256, masked);
  }
  assert.equal(maskedLine(`A_TOKEN=${value}`), 'A_TOKEN=q7Zk…Lp');
});

test('no prefix of a secret leaks where an excerpt is cut, whatever stands around it', () => {
  const filler = fc.stringMatching(/^[a-z ]{0,300}$/);
  fc.assert(
    fc.property(filler, filler, (before, between) => {
      const other = 'w5Yc8nHd3sJf6gKa';
      const text = `${before} A_TOKEN=${value} ${between} B_TOKEN=${other}`;
      const start = text.indexOf(value);
      const masked = maskedAround(text, { start, end: start + value.length });
      for (const secret of [value, other]) assert.ok(!masked.includes(secret.slice(0, 6)), masked);
    }),
    { numRuns: 300 },
  );
});

test('texts full of signs take time in proportion to their length', () => {
  for (const part of ['A="', '=', '--password ', 'TOKEN=', '://a:', ' -', '"', 'a.b-']) {
    const text = part.repeat(Math.floor(65_536 / part.length));
    const started = performance.now();
    maskedLine(text);
    assert.ok(performance.now() - started < 1000, `${part}: ${performance.now() - started} ms`);
  }
});
