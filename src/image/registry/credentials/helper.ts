import { spawn } from 'node:child_process';
import { isJsonObject, parseJson } from '../../../kernel/index.ts';
import { RegistryError } from '../errors.ts';
import { basic } from './auth-file.ts';
import type { Credentials } from './credentials.ts';

/** Runs a credential helper; replaced in tests. */
export type HelperRunner = (name: string, server: string, signal: AbortSignal) => Promise<Credentials | undefined>;

const timeoutMs = 30_000;
const maxOutput = 64 * 1024;

/**
 * Asks `docker-credential-NAME get` (Docker's credential helper protocol). The name comes from the user's own file and
 * is still checked, so that it can never be a path or an option; the server's name goes in on standard input.
 * @param env environment of the helper, which needs PATH and HOME
 */
export function helperRunner(env: Readonly<Record<string, string | undefined>>): HelperRunner {
  return async (name, server, signal) => {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) {
      throw new RegistryError(
        'invalid_credentials',
        `not the name of a credential helper: ${JSON.stringify(name.slice(0, 100))}`,
      );
    }
    const program = `docker-credential-${name}`;
    const { code, output } = await run(program, server, env, signal);
    const text = output.toString('utf8');
    if (code !== 0) {
      // The protocol tells "nothing stored" only by this sentence.
      if (text.includes('credentials not found')) return undefined;
      throw new RegistryError('invalid_credentials', `${program} failed for ${server} (exit code ${code})`);
    }
    return parseAnswer(output, program);
  };
}

function parseAnswer(output: Buffer, program: string): Credentials | undefined {
  const bad = (): RegistryError =>
    new RegistryError('invalid_credentials', `${program} answered with something unexpected`);
  let answer: ReturnType<typeof parseJson>;
  try {
    answer = parseJson(output, { maxBytes: maxOutput, maxDepth: 8 });
  } catch {
    // Without the cause: it could quote the secret.
    throw bad();
  }
  if (!isJsonObject(answer)) throw bad();
  const { Username: username, Secret: secret } = answer;
  if (typeof username !== 'string' || typeof secret !== 'string') throw bad();
  return username === '' && secret === '' ? undefined : basic(username, secret);
}

function run(
  program: string,
  input: string,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<{ code: number | null; output: Buffer }> {
  return new Promise((resolve, reject) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const child = spawn(program, ['get'], {
      env: { ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
      signal: limit,
      killSignal: 'SIGKILL',
    });
    const parts: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (part: Buffer) => {
      size += part.length;
      if (size > maxOutput) child.kill('SIGKILL');
      else parts.push(part);
    });
    child.on('error', (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === 'ENOENT' ? 'is not installed' : cause.name === 'AbortError' ? 'took too long' : 'cannot be run';
      reject(new RegistryError('invalid_credentials', `the credential helper ${program} ${why}`, { cause }));
    });
    child.on('close', (code) => {
      if (size <= maxOutput) resolve({ code, output: Buffer.concat(parts) });
      else reject(new RegistryError('invalid_credentials', `${program} answered with more than ${maxOutput} bytes`));
    });
    // A helper that ends without reading must not end us.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
