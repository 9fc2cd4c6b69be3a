import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { root } from '../arch/source-tree.ts';
import { type RpmSource, rpmQuery } from './rpm-world.ts';
import { mustRun } from './run.ts';

const runBinary = promisify(execFile);
const headersOf = join(root, 'test/integration/oracle/rpm-headers.py');

/** A system as AlmaLinux 8.9 had it: known vulnerable builds beside their fixed neighbours, epochs, modules, vendors. */
export const almaLinux8: readonly RpmSource[] = [
  {
    ...{ name: 'openssl', epoch: 1, version: '1.1.1k', release: '9.el8_7', vendor: 'AlmaLinux' },
    packages: [{ name: 'openssl' }, { name: 'openssl-libs', files: ['/usr/lib64/libcrypto.so.1.1'] }],
  },
  {
    ...{ name: 'zlib', version: '1.2.11', release: '25.el8', vendor: 'AlmaLinux' },
    packages: [{ name: 'zlib', files: ['/usr/lib64/libz.so.1'] }],
  },
  {
    ...{
      name: 'nodejs',
      epoch: 1,
      version: '18.20.4',
      release: '1.module_el8.10.0+3886+6a7e9c4b',
      vendor: 'AlmaLinux',
    },
    module: 'nodejs:18:8100020240801000000:489197e6',
    packages: [
      { name: 'nodejs', files: ['/usr/bin/node'] },
      { name: 'npm', version: '10.7.0', files: ['/usr/lib/node_modules/npm/package.json', '/usr/bin/npm'] },
    ],
  },
  {
    ...{ name: 'httpd', version: '2.4.37', release: '64.module_el8.10.0+3872+d7d2b4a5', vendor: 'AlmaLinux' },
    module: 'httpd:2.4:8100020240601000000:489197e6',
    packages: [{ name: 'httpd' }, { name: 'httpd-tools' }, { name: 'mod_ssl', epoch: 1 }],
  },
  {
    ...{ name: 'perl', epoch: 4, version: '5.26.3', release: '420.el8', vendor: 'AlmaLinux' },
    packages: [{ name: 'perl-libs' }, { name: 'perl-Errno', epoch: 0, version: '1.28' }],
  },
  {
    ...{ name: 'kernel', version: '4.18.0', release: '513.5.1.el8_9', vendor: 'AlmaLinux' },
    packages: [{ name: 'kernel-headers', files: ['/usr/include/linux/version.h'] }],
  },
  {
    ...{ name: 'nginx', version: '1.20.0', release: '1.el8.ngx', vendor: 'NGINX Packaging <nginx-packaging@f5.com>' },
    packages: [{ name: 'nginx', files: ['/usr/sbin/nginx', '/etc/odd name'] }],
  },
];

/** The same by name as Rocky Linux 9 has it, where nothing of it but podman's friends is a module. */
export const rocky9: readonly RpmSource[] = [
  {
    ...{ name: 'httpd', version: '2.4.57', release: '5.el9', vendor: 'Rocky Enterprise Software Foundation' },
    packages: [{ name: 'httpd-core' }, { name: 'httpd-tools' }, { name: 'mod_ssl', epoch: 1 }],
  },
  {
    ...{
      name: 'openssl',
      epoch: 1,
      version: '3.0.7',
      release: '28.el9_4',
      vendor: 'Rocky Enterprise Software Foundation',
    },
    packages: [{ name: 'openssl' }, { name: 'openssl-libs' }],
  },
  {
    ...{ name: 'nodejs', epoch: 1, version: '18.19.0', release: '1.module+el9.4.0+1000+aaaaaaaa' },
    ...{ vendor: 'Rocky Enterprise Software Foundation', module: 'nodejs:18:9040020240101000000:rhel9' },
    packages: [{ name: 'nodejs' }, { name: 'npm', version: '10.2.3' }],
  },
];

const packageFormat = '%{NAME}|%{EPOCHNUM}|%{VERSION}|%{RELEASE}|%{ARCH}|%{SOURCERPM}|%{MODULARITYLABEL}\\n';

/** What rpm says of the packages and files of its own database. */
export async function rpmSays(database: string): Promise<{ packages: string[]; files: string[] }> {
  const packages = await rpmQuery(database, packageFormat);
  const files = await rpmQuery(database, '[%{=NAME}|%{FILENAMES}\\n]');
  return { packages: packages.filter((line) => !line.startsWith('gpg-pubkey|')).sort(), files: files.sort() };
}

/** What rpm says of a database in a format that this rpm does not read: its headers are imported into one that it does. */
export async function rpmSaysOfForeign(
  database: string,
  scratch: string,
): Promise<Awaited<ReturnType<typeof rpmSays>>> {
  await mkdir(scratch, { recursive: true });
  const { stdout } = await runBinary('python3', [headersOf, database, 'import'], {
    ...{ encoding: 'buffer', maxBuffer: 512 * 1024 * 1024 },
  });
  const importing = runBinary('rpmdb', ['--dbpath', scratch, '--importdb']);
  await pipeline(Readable.from([stdout]), importing.child.stdin as NodeJS.WritableStream);
  await importing;
  return rpmSays(scratch);
}

/** The packages of a database as a Berkeley DB hash file of either byte order, written by Berkeley DB's own tool. */
export async function asBerkeleyDb(database: string, order: 'little' | 'big', target: string): Promise<Buffer> {
  const { stdout } = await runBinary('python3', [headersOf, database, 'load', order], { maxBuffer: 512 * 1024 * 1024 });
  const text = createWriteStream(`${target}.txt`);
  await pipeline(Readable.from([stdout]), text);
  await mustRun('db5.3_load', ['-t', 'hash', '-f', `${target}.txt`, target]);
  return readFile(target);
}
