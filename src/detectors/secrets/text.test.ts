import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskSecrets, secretsInText } from './text.ts';

/** Values are made up; those with a mark of an issuer are put together here, so that no scanner takes them for real. */
const password = 'kR9w2pQx7Lm';
const awsId = `AK${'IAQYLPMN5HFIQR7XYA'}`;
const awsSecret = 'hK8vT3nQ9wL2xR7mB4cY6zJ1pF5sD0gA8uE3iOq7';

const found = (text: string): string[] =>
  secretsInText(text).map(({ rule, start, end }) => `${rule} ${text.slice(start, end)}`);

test('variables, arguments and addresses of an image config give their values away', () => {
  assert.deepEqual(found(`DB_PASSWORD=${password}`), [`common_cred ${password}`]);
  assert.deepEqual(found(`/bin/sh -c #(nop)  ENV API_TOKEN=${password} LANG=C`), [`common_cred ${password}`]);
  assert.deepEqual(found(`|1 NPM_TOKEN=${password} /bin/sh -c npm ci`), [`common_cred ${password}`]);
  assert.deepEqual(found(`curl --password ${password} https://test.example/`), [`common_cred ${password}`]);
  for (const name of ['SMTP_PASS', 'PASS', 'MYSQL_PWD', 'encryptionKey', 'client.secret']) {
    assert.deepEqual(found(`${name}=${password}`), [`common_cred ${password}`], name);
  }
  assert.deepEqual(found(`tool --pass ${password} -x`), [`common_cred ${password}`]);
  assert.deepEqual(found(`{"dbPassword": "${password}"}`), [`common_cred ${password}`]);
  assert.deepEqual(found(`URL=postgres://app:${password}@db.test.example/app`), [`common_database_cfg ${password}`]);
  assert.deepEqual(found(`git clone https://bot:${password}@git.test.example/x`), [`common_cred ${password}`]);
});

test('the rule of an issuer wins over a guess by name', () => {
  assert.deepEqual(found(`AWS_SECRET_ACCESS_KEY=${awsSecret}`), [`aws_access_key ${awsSecret}`]);
  assert.deepEqual(found(`AWS_ACCESS_KEY_ID=${awsId} x ${awsSecret}`), [
    `aws_access_key ${awsId}`,
    `aws_access_key ${awsSecret}`,
  ]);
});

test('names that only speak of secrets, references, words and public keys are left alone', () => {
  for (const text of [
    'PASSWORD_FILE=/run/secrets/db',
    'TOKEN_TTL=3600000',
    `PASSWORD=$${'{DB_PASSWORD}'}`,
    'PASSWORD=changeme-now',
    'SECRET_NAME=app/production/db1',
    'PASSENGER_VERSION=6.0.19-r3q8z',
    'COMPASS=kR9w2pQx7Lm',
    'TOKEN_ENDPOINT=auth-7.test.example:8443',
    ...[
      'xxxxxxxxxxxx',
      '<your token>',
      '{{ secret }}',
      '/run/secrets/token',
      'postgres',
      '1234567890',
      'abcdefghijkl',
    ].map((value) => `DB_PASSWORD=${value}`),
    ...['https://example.org/t', 'aaaaaaaabbbb', '12345678', 'pa55'].map((value) => `A_TOKEN=${value}`),
    'GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568',
    'PYTHON_GET_PIP_SHA256=394be00f13fa1b9aaa47e911bdb59a09c3b2986472130f30aa0bfaf7f3980637',
    'RUN echo "password: " && read token',
    'RUN apt-get install -y --no-install-recommends libsecret-1-0 python3-tokenize-rt',
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  ]) {
    assert.deepEqual(found(text), [], text);
  }
});

test('masking hides every value, the places of the same value as well, and nothing else', () => {
  const text = `RUN TOKEN=${password} && curl -u x:${password} https://test.example/ # 完成 \u{1f600}`;
  const masked = maskSecrets(text);
  assert.equal(masked, 'RUN TOKEN=kR… && curl -u x:kR… https://test.example/ # 完成 \u{1f600}');
  const plain = 'RUN apt-get update && apt-get install -y curl';
  assert.equal(maskSecrets(plain), plain);
});

test('what is no Latin-1 moves nothing', () => {
  const text = `# 密码 \u{1f511} İ\nDB_PASSWORD=${password}\n`;
  assert.deepEqual(found(text), [`common_cred ${password}`]);
});
