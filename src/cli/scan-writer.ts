import type { SeverityLevel } from '../advisories/index.ts';
import type { ExportFormat } from '../exports/index.ts';
import type { ScanReport } from '../findings/index.ts';
import { Collected } from './output/collected.ts';
import type { OutputChoice } from './output/outputs.ts';
import { colorFor, type Terminal, widthOf } from './output/terminal.ts';

/** What the user asked of all reports. */
export interface WriterOptions {
  /** Several images were asked for: JSON formats then give one document per line. */
  readonly several: boolean;
  readonly severity: readonly SeverityLevel[] | undefined;
  readonly onlyFixable: boolean;
  readonly color: boolean | undefined;
}

interface WriterDeps {
  readonly terminal: Terminal;
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
}

/** Writes reports as they come to standard output, and to files when all are there. */
export class ReportWriter {
  readonly #outputs: readonly (OutputChoice<ExportFormat> & { readonly documents: Buffer[] })[];
  readonly #deps: WriterDeps;
  readonly #options: WriterOptions;

  constructor(outputs: readonly OutputChoice<ExportFormat>[], deps: WriterDeps, options: WriterOptions) {
    this.#outputs = outputs.map((output) => ({ ...output, documents: [] }));
    this.#deps = deps;
    this.#options = options;
  }

  /** Adds one report to every output. */
  async add(report: ScanReport): Promise<void> {
    for (const { format, file, documents } of this.#outputs) {
      const document = await this.#render(report, format, file === undefined, documents.length > 0);
      const separated = documents.length > 0 && format.id === 'table' ? [Buffer.from('\n'), document] : [document];
      if (file === undefined) for (const part of separated) await this.#print(part);
      // For standard output only the fact that there was one before is kept.
      documents.push(...(file === undefined ? [Buffer.alloc(0)] : separated));
    }
  }

  /** Writes the files that have something in them. */
  async close(): Promise<void> {
    for (const { file, documents } of this.#outputs) {
      if (file !== undefined && documents.length > 0) await this.#deps.writeFile(file, Buffer.concat(documents));
    }
  }

  async #render(report: ScanReport, format: ExportFormat, onTerminal: boolean, continued: boolean): Promise<Buffer> {
    const { severity, onlyFixable, several, color } = this.#options;
    const { stdout, env } = this.#deps.terminal;
    const style = onTerminal ? { width: widthOf(stdout), color: colorFor(stdout, env, color) } : {};
    const out = new Collected();
    await format.write(report, out, { severity, onlyFixable, continued, ...style });
    if (!several || format.several !== 'lines') return out.bytes();
    return Buffer.from(`${JSON.stringify(JSON.parse(out.bytes().toString()))}\n`);
  }

  #print(bytes: Uint8Array): Promise<void> {
    const { stdout } = this.#deps.terminal;
    return new Promise((resolve) => {
      if (stdout.write(bytes)) resolve();
      else stdout.once('drain', resolve);
    });
  }
}
