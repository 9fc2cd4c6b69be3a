import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import type { AdvisoryIndex } from '../../src/advisories/index.ts';
import type { ReportDeps, Scanner } from '../../src/cli/reports/contract.ts';
import { ecosystems } from '../../src/ecosystems/index.ts';
import type { OpenedReference, Platform } from '../../src/image/index.ts';
import { CodedError, fixedClock } from '../../src/kernel/index.ts';
import { noAdvisories, noCache, scanImage, scanSbom } from '../../src/scan/index.ts';
import { fakeAdvisories } from './fake-advisories.ts';
import { handleOf } from './image-handle.ts';
import { buildTestImage, tar } from './test-image.ts';

function image(version: string, more = ''): ReturnType<typeof buildTestImage> {
  const status = `Package: app\nStatus: install ok installed\nVersion: ${version}\nArchitecture: amd64\n${more}`;
  return buildTestImage([tar({ 'etc/os-release': 'ID=debian\nVERSION_ID=12', 'var/lib/dpkg/status': status })]);
}

const images = new Map([
  ['old', image('1')],
  ['new', image('2')],
  ['broken', image('1', '\nPackage: $(id)\nStatus: install ok installed\nVersion: 1\n')],
  ['empty', buildTestImage([tar({ a: 'x' })])],
]);
const platforms: Platform[] = [
  { os: 'linux', architecture: 'amd64' },
  { os: 'linux', architecture: 'arm64' },
];
const advisories = [
  { id: 'CVE-2026-1', ecosystem: 'Debian:12', source: 'app', fixed: '2', level: 'high' },
  { id: 'CVE-2026-2', ecosystem: 'Debian:12', source: 'app', fixed: null, level: 'low' },
] as const;

/** What a command did. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly files: ReadonlyMap<string, string>;
  readonly closed: boolean;
  /** What each image was scanned with. */
  readonly scans: readonly Parameters<Scanner['scan']>[1][];
}

/**
 * Runs one command over the images `old` (with a fixable and an open finding), `new` (fixed), `broken` (partly readable)
 * and `empty`, in memory.
 * @param inputs files that the command may read, by name
 */
export async function runReportCommand(
  register: (program: Command, load: () => Promise<ReportDeps>) => void,
  args: readonly string[],
  inputs: ReadonlyMap<string, string | Uint8Array> = new Map(),
): Promise<Outcome> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const files = new Map<string, string>();
  const codes: number[] = [];
  const scans: Parameters<Scanner['scan']>[1][] = [];
  let closed = false;
  const clock = fixedClock('2026-01-02T00:00:00Z');
  const scannerWith = (index: AdvisoryIndex): Scanner => ({
    async open(reference) {
      const found = images.get(reference);
      if (found === undefined) throw new CodedError('not_found', `there is no ${reference}`, { hint: 'Look again.' });
      const handle = handleOf(found, reference);
      const opened = {
        platforms: platforms.map((platform) => ({ platform })),
        image: async (platform: Platform = { os: 'linux', architecture: 'amd64' }) => ({ ...handle, platform }),
        [Symbol.asyncDispose]: async () => {},
      };
      return opened as unknown as OpenedReference;
    },
    scanSbom: async (bytes, reference, include) =>
      scanSbom({ bytes, reference, include, index, ecosystems, clock, toolVersion: '0' }),
    async scan(image, options) {
      scans.push(options);
      return scanImage({ image, index, ecosystems, cache: noCache, clock, toolVersion: '0', ...options });
    },
    async [Symbol.asyncDispose]() {
      closed = true;
    },
  });
  const program = new Command().exitOverride();
  register(program, async () => ({
    terminal: { stdout, stderr, env: {} },
    signal: new AbortController().signal,
    ...{ clock, toolVersion: '0' },
    openScanner: async (options = { advisories: true }) =>
      scannerWith(options.advisories ? fakeAdvisories(advisories) : noAdvisories(clock.now())),
    readFile: async (path) => {
      const text = inputs.get(path);
      if (text === undefined) throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });
      return Buffer.from(text);
    },
    writeFile: async (path, bytes) => void files.set(path, Buffer.from(bytes).toString()),
    exit: (code) => codes.push(code),
  }));
  await program.parseAsync(['node', 'drydock', ...args]);
  if (codes.length !== 1) throw new Error(`the command ended ${codes.length} times`);
  const text = (stream: PassThrough): string => String(stream.read() ?? '');
  return { code: codes[0] ?? -1, out: text(stdout), err: text(stderr), files, closed, scans };
}
