import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { elfProgram, readBinary } from '../../../test/support/binary-files.ts';
import { factLayers } from '../../../test/support/fact-layers.ts';
import { binaryVisitor } from '../binaries/visitor.ts';
import { versionCataloger } from './catalog.ts';
import { classifiers } from './classifiers.ts';

/** Name, path, what the file holds, and something alike that tells no version. */
const rows: readonly (readonly [name: string, path: string, holds: string, version: string, alike: string])[] = [
  ['node', 'usr/local/bin/node', 'x\0node.js/v20.11.1\0', '20.11.1', '\0node.js/v20.11.1-pre\0node v18.0.0\0'],
  ['node', 'usr/lib/libnode.so.115', 'node.js/v20.11.1\0', '20.11.1', 'node.js/vX\0'],
  ['python', 'usr/local/bin/python3.11', '\x003.11.4\0', '3.11.4', '\x003.10.4\x003.11\x003.11.4 (main'],
  ['python', 'usr/local/lib/libpython3.13.so.1.0', '\x003.13.0rc1\0', '3.13.0rc1', 'x3.13.0\0'],
  ['ruby', 'usr/local/bin/ruby', '\0ruby 3.3.0 (2023-12-25 revision', '3.3.0', 'for ruby 1.8.7)\0ruby 1.9.3\0'],
  ['ruby', 'usr/lib/libruby.so.3.1', '\0ruby 3.1.2p20 (2022-04-12', '3.1.2', '\0ruby 3.1\0'],
  ['php', 'usr/local/bin/php', 'X-Powered-By: PHP/8.2.10\0', '8.2.10', 'X-Powered-By: PHP/8\0PHP/7.0.0 '],
  ['php', 'usr/local/sbin/php-fpm', 'X-Powered-By: PHP/8.3.0-dev\0', '8.3.0', 'PHP\0'],
  ['perl', 'usr/local/bin/perl', '/usr/local/lib/perl5/5.38.2\0', '5.38.2', '/usr/share/perl5\0/perl/5.36\0'],
  ['perl', 'usr/lib/libperl.so.5.36.0', '/lib/perl/5.36.0/x', '5.36.0', 'perl 5.36.0'],
  ['bash', 'bin/bash', '@(#)Bash version 5.2.15(1) release', '5.2.15', 'GNU bash, version %s\0Bash version 5.0'],
  ['busybox', 'bin/busybox', 'BusyBox v1.36.1 (2023-', '1.36.1', 'BusyBox v1.36.1x\0BusyBox'],
  ['openssl', 'usr/bin/openssl', 'OpenSSL 1.1.1w  11 Sep 2023', '1.1.1w', 'requires OpenSSL 3.0.0 or later'],
  ['openssl', 'usr/lib/libcrypto.so.3', '\0OpenSSL 3.0.11 19 Sep 2023\0', '3.0.11', 'OpenSSL 3.0 19 Sep'],
  ['curl', 'usr/bin/curl', '\0curl/8.4.0\0', '8.4.0', '<curl/curl.h>\0libcurl/8.4.0\0'],
  ['curl', 'usr/lib/libcurl.so.4.8.0', '\0libcurl/8.4.0\0', '8.4.0', '\0curl/8.4.0\0libcurl/%s'],
  [
    'nginx',
    'usr/sbin/nginx',
    'nginx version: nginx/1.25.3\n',
    '1.25.3',
    'Server: nginx/1.25.3\r\nnginx version: nginx/x',
  ],
  [
    'openresty',
    'usr/local/openresty/nginx/sbin/nginx',
    'nginx version: openresty/1.21.4.2\0',
    '1.21.4.2',
    'openresty/1\0',
  ],
  ['httpd', 'usr/local/apache2/bin/httpd', '\0Apache/2.4.58 (Unix)\0', '2.4.58', '\0Apache/2.4\0Apache/2\0'],
  [
    'haproxy',
    'usr/sbin/haproxy',
    ' version 2.8.3-86e043a, released 2023',
    '2.8.3',
    'since HAProxy version 2.5.\n version 1.2.3\0',
  ],
  [
    'redis',
    'usr/local/bin/redis-server',
    'A7.2.4buildkitsandbox-1704800000000000000\0',
    '7.2.4',
    '\x007.0.0\x001.2.0\0',
  ],
  ['redis', 'usr/bin/redis-server', '\x007.0.151790282056000000000\0', '7.0.15', '000000000000000000000000000000\0'],
  [
    'valkey',
    'usr/local/bin/valkey-server',
    '\x008.0.1host-1727900000100000000\0',
    '8.0.1',
    '\x008.0.13c-1727900000100000000\0',
  ],
  ['memcached', 'usr/local/bin/memcached', '\0memcached 1.6.22\0', '1.6.22', '\0memcached-1.6.22\0memcached 1.6\0'],
  ['mysql', 'usr/sbin/mysqld', '/build/mysql-8.0.35/sql/x.cc', '8.0.35', '/mysql-8.0\0mysql-8.0.35.tar'],
  ['mariadb', 'usr/sbin/mariadbd', '\x0011.2.2-MariaDB\0', '11.2.2', 'example 10.1.1-MariaDB-x\x0010-MariaDB\0'],
  ['postgresql', 'usr/local/bin/postgres', 'postgres (PostgreSQL) 16.1\n', '16.1', 'upgrading to PostgreSQL 9.1.\0'],
  ['postgresql', 'usr/local/bin/postgres', 'postgres (PostgreSQL) 17rc1\0', '17rc1', 'PostgreSQL) 17\0'],
  ['deno', 'usr/bin/deno', 'Deno/1.40.2+abc', '1.40.2', 'OTLP-Exporter-Deno/0.80.0grpc'],
  ['bun', 'usr/local/bin/bun', 'Bun v1.0.25 (Linux x64)', '1.0.25', 'Bun v1.0\0'],
];

/** Files of plain text, which need no executable. */
const textRows: readonly (readonly [name: string, path: string, text: string, version: string, alike: string])[] = [
  [
    'java',
    'opt/java/release',
    'IMPLEMENTOR="x"\nJAVA_VERSION="17.0.9"\n',
    '17.0.9',
    'MY_JAVA_VERSION="1"\nJAVA_VERSION="\u202e"',
  ],
  ['go', 'usr/local/go/VERSION', 'go1.21.5\ntime 2023-11-29\n', '1.21.5', '1.21.5\n'],
  ['erlang', 'usr/lib/erlang/releases/26/OTP_VERSION', '26.1.2\n', '26.1.2', 'twenty-six\n'],
];

describe('versions of executables', () => {
  for (const [name, path, holds, version, alike] of rows) {
    it(`${path} holding ${JSON.stringify(holds)} is ${name} ${version}`, () => {
      const text = (bytes: string): Buffer =>
        Buffer.concat([Buffer.alloc(100), Buffer.from(bytes, 'latin1'), Buffer.alloc(80)]);
      const file = readBinary(path, elfProgram({ text: text(holds) }));
      assert.deepEqual(
        file?.hits?.map((hit) => [hit.name, hit.version]),
        [[name, version]],
      );
      const { offset = 0 } = file?.hits?.[0] ?? {};
      assert.ok(offset >= 256 && offset < 456 + holds.length);
      assert.equal(readBinary(path, elfProgram({ text: text(alike) }))?.hits, undefined, alike);
      assert.equal(readBinary('usr/bin/other', elfProgram({ text: text(holds) }))?.hits, undefined);
    });
  }

  for (const [name, path, text, version, alike] of textRows) {
    it(`${path} is of ${name} ${version}`, () => {
      const hits = (content: string) => readBinary(path, Buffer.from(content), 7, 0o644)?.hits;
      assert.deepEqual(
        hits(text)?.map((hit) => [hit.name, hit.version]),
        [[name, version]],
      );
      assert.equal(hits(alike), undefined);
    });
  }

  it('are each tried above', () => {
    const tried = new Set(rows.map(([name]) => name));
    assert.deepEqual(
      classifiers.filter(({ name }) => !tried.has(name)),
      [],
    );
  });

  it('are nothing when a file names two', () => {
    const text = Buffer.from('node.js/v20.0.0\0node.js/v18.0.0\0');
    assert.equal(readBinary('bin/node', elfProgram({ text }))?.hits, undefined);
  });
});

describe('the catalog of versions', () => {
  const crypto = (version: string): Buffer => elfProgram({ text: Buffer.from(`OpenSSL ${version} 1 Jan 2024\0`) });

  it('believes a library more than the program that is next to it', async () => {
    const input = await factLayers(binaryVisitor, [
      {
        'usr/local/lib64/libcrypto.so.3': crypto('3.0.12'),
        'usr/local/bin/openssl': crypto('3.0.11'),
        'opt/x/bin/openssl': crypto('3.1.0'),
      },
    ]);
    const { packages } = versionCataloger.coalesce({ ...input, os: undefined });
    assert.deepEqual(packages.map(({ purl }) => purl).sort(), [
      'pkg:generic/openssl@3.0.12',
      'pkg:generic/openssl@3.1.0',
    ]);
    assert.ok(packages.every(({ confidence }) => confidence === 'medium'));
  });
});
