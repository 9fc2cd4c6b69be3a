import { aptMirrors } from '../../ecosystems/index.ts';
import { exportFormats } from '../../exports/index.ts';
import type { ScanReport } from '../../findings/index.ts';
import { type FixRun, runFix } from '../../fix/index.ts';
import { type Digest, machinePlatform, openOciLayout } from '../../image/index.ts';
import type { Progress } from '../../kernel/index.ts';
import { Collected } from '../output/collected.ts';
import type { QuickstartCliDeps, QuickstartEngine, QuickstartOptions } from './contract.ts';
import { assembleDemoImage, type DemoImage } from './demo-image.ts';
import { tourFiles } from './files.ts';
import { type ChosenMirrors, chooseMirrors, withMirrors } from './mirrors.ts';

/** Everything that the summary tells. */
export interface Tour {
  readonly mirrors: ChosenMirrors;
  readonly image: DemoImage;
  readonly before: ScanReport;
  readonly run: FixRun;
  readonly files: ReturnType<typeof tourFiles>;
  /** Seconds from the first request to the proven result. */
  readonly seconds: number;
}

const sourceTag = 'bullseye';

/** Assembles, scans, fixes and proves; leaves the image and the reports in the directory. */
export async function runTour(options: QuickstartOptions, deps: QuickstartCliDeps, progress: Progress): Promise<Tour> {
  const started = performance.now();
  const { signal } = deps;
  const files = tourFiles(options.dir);
  const mirrors = chooseMirrors(options.mirror, deps.terminal.env, await aptMirrors(deps.apt), deps.repositories);
  progress({ kind: 'stage', stage: 'indexes', detail: 'Debian 11, main only' });
  // Opened only when there is something to store: an unreachable mirror leaves nothing behind.
  const repository = () => openOciLayout(files.layout, { create: true });
  const image = await withEngine(deps, progress, withMirrors(deps.repositories, mirrors, true), ({ planner }) =>
    assembleDemoImage({ repository, tag: sourceTag }, planner, machinePlatform(), progress, signal),
  );
  return withEngine(deps, progress, withMirrors(deps.repositories, mirrors, false), async ({ fix }) => {
    const reference = `oci:${files.layout}:${sourceTag}`;
    progress({ kind: 'stage', stage: 'scan', detail: 'the image as it is' });
    const before = await scan(reference, fix, signal);
    await deps.writeFile(files.before, jsonBytes(before));
    const run = await runFix(
      {
        reference,
        selection: { kind: 'all-fixable' },
        target: { suffix: '-fixed' },
        output: undefined,
        platforms: undefined,
        strategy: 'best-effort',
        overwrite: 'ours',
        gate: 'high',
        pinned: new Set(),
        attach: ['sbom', 'vex', 'provenance'],
        attachPolicy: 'best-effort',
        planOnly: false,
      },
      fix,
      signal,
    );
    await deps.writeFile(files.fix, jsonBytes(run.report));
    await writeProof(run, fix, deps, files);
    if (!options.keep) await removePackages(image, run, fix);
    return { mirrors, image, before, run, files, seconds: (performance.now() - started) / 1000 };
  });
}

async function withEngine<T>(
  deps: QuickstartCliDeps,
  progress: Progress,
  repositories: QuickstartCliDeps['repositories'],
  work: (engine: QuickstartEngine) => Promise<T>,
): Promise<T> {
  const engine = await deps.engine({ progress, repositories });
  try {
    return await work(engine);
  } finally {
    await engine[Symbol.asyncDispose]?.();
  }
}

async function scan(reference: string, fix: QuickstartEngine['fix'], signal: AbortSignal): Promise<ScanReport> {
  await using opened = await fix.openReference(reference, signal);
  // Awaited here: what was opened is closed when this returns.
  return await fix.scan(await opened.image(undefined, signal), signal, fix.progress);
}

/** The rescan report, and the bill of materials made of it, as files that people can open. */
async function writeProof(
  run: FixRun,
  fix: QuickstartEngine['fix'],
  { writeFile, signal }: QuickstartCliDeps,
  files: Tour['files'],
): Promise<void> {
  const digest = run.report.verification?.report as Digest | undefined;
  if (digest === undefined) return;
  const stored = new Collected();
  for await (const chunk of await fix.blobs.open(digest, signal)) stored.write(chunk);
  await writeFile(files.after, stored.bytes());
  const cyclonedx = exportFormats.find(({ id }) => id === 'cyclonedx');
  const sbom = new Collected();
  await cyclonedx?.write(JSON.parse(stored.bytes().toString('utf8')) as ScanReport, sbom, {});
  await writeFile(files.sbom, sbom.bytes());
}

async function removePackages(image: DemoImage, run: FixRun, { blobs }: QuickstartEngine['fix']): Promise<void> {
  const fetched = run.report.upgrades.map(({ sha256 }): Digest => `sha256:${sha256}`);
  for (const digest of [...image.packages, ...fetched]) await blobs.remove(digest);
}

function jsonBytes(document: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(document, undefined, 2)}\n`);
}
