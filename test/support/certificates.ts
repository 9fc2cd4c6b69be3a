import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A certificate authority of one test run, made with openssl. */
export interface TestAuthority extends AsyncDisposable {
  /** PEM file of the authority's certificate. */
  readonly file: string;
  readonly certificate: string;
  /** PEM key and certificate, for a server or a client, for the given subjectAltName, for example `DNS:registry.test`. */
  issue(subjectAltName: string, days?: number): Promise<{ readonly key: string; readonly cert: string }>;
}

/** Makes an authority with the program `openssl`; disposing removes its files. */
export async function testAuthority(openssl: string): Promise<TestAuthority> {
  const directory = await mkdtemp(join(tmpdir(), 'drydock-tls-'));
  const at = (file: string): string => join(directory, file);
  const newKey = ['req', '-newkey', 'rsa:2048', '-nodes'];
  const own = ['-x509', '-subj', '/CN=test authority', '-days', '2', '-keyout', at('ca.key'), '-out', at('ca.crt')];
  await run(openssl, [...newKey, ...own]);
  let serial = 0;
  return {
    file: at('ca.crt'),
    certificate: await readFile(at('ca.crt'), 'utf8'),
    async issue(subjectAltName, days = 2) {
      const name = at(`issued-${serial++}`);
      const commonName = subjectAltName.slice(subjectAltName.indexOf(':') + 1);
      await writeFile(`${name}.ext`, `subjectAltName=${subjectAltName}\n`);
      await run(openssl, [...newKey, '-subj', `/CN=${commonName}`, '-keyout', `${name}.key`, '-out', `${name}.csr`]);
      const signing = ['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', String(days)];
      const files = ['-in', `${name}.csr`, '-extfile', `${name}.ext`, '-out', `${name}.crt`];
      await run(openssl, ['x509', '-req', ...files, ...signing]);
      return { key: await readFile(`${name}.key`, 'utf8'), cert: await readFile(`${name}.crt`, 'utf8') };
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
