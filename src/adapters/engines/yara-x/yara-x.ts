import { createHash } from 'node:crypto';
import {
  EngineError,
  fileKey,
  fileType,
  maxObjectBytes,
  type OutsideEngine,
  type OutsideHit,
  type OutsideRules,
  type OutsideVerdict,
  ruleFacts,
  type ScannedFile,
} from '../../../detectors/index.ts';
import type { Diagnostic } from '../../../kernel/index.ts';
import type { EngineMatch, EngineRejection } from './contract.ts';
import { EngineProcess } from './engine-process.ts';

/** How YARA-X is used. */
export interface YaraXOptions {
  /** The rules that it is asked to run. */
  readonly rules: () => Promise<OutsideRules>;
  /** Name or folder of the package; only tests have another one. */
  readonly module?: string;
  readonly limits?: Partial<typeof yaraXLimits>;
}

/** Bounds of running the native engine; times in ms. */
export const yaraXLimits = {
  compileMs: 120_000,
  scanMs: 10_000,
  /** Files that may end the process, by time or by crash, before it is not started again. */
  lostProcesses: 5,
};

const packageName = '@litko/yara-x';

/** The native engine YARA-X, where its package is installed; disposing it ends its process. */
export function createYaraX(options: YaraXOptions): OutsideEngine & AsyncDisposable {
  return new YaraX(options);
}

class YaraX implements OutsideEngine, AsyncDisposable {
  readonly id = 'yara-x';
  readonly #options: YaraXOptions;
  readonly #limits: typeof yaraXLimits;
  #rules: OutsideRules | undefined;
  #process: Promise<EngineProcess> | undefined;
  #rejected: readonly EngineRejection[] = [];
  #version = '';
  #lost = 0;

  constructor(options: YaraXOptions) {
    this.#options = options;
    this.#limits = { ...yaraXLimits, ...options.limits };
  }

  async version(signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    this.#rules = await this.#options.rules();
    await this[Symbol.asyncDispose]();
    await this.#started();
    const hash = createHash('sha256');
    for (const { source, name, observed, text } of this.#rules.sources) {
      hash.update(JSON.stringify([source, name, observed, text.length])).update(text);
    }
    return `YARA-X ${this.#version} ${hash.digest('hex')}`;
  }

  concern(): Diagnostic | null {
    const [first] = this.#rejected;
    if (first === undefined) return null;
    const [source, name] = JSON.parse(first.key) as [string, string];
    const message = `yara-x cannot use ${this.#rejected.length} files of rules, the first is ${name} of ${source}: ${first.message}`;
    return { code: 'engine_rules_rejected', message };
  }

  async scan({ path, size }: ScannedFile, content: AsyncIterable<Uint8Array>): Promise<OutsideVerdict> {
    if (this.#rules === undefined || this.#rules.sources.length === 0) return { hits: [], incomplete: null };
    const bytes = size > maxObjectBytes ? undefined : await wholeOf(content);
    if (bytes === undefined) return incomplete(path, 'engine_limit', `it is larger than ${maxObjectBytes} bytes`);
    if (this.#lost >= this.#limits.lostProcesses) {
      return incomplete(path, 'engine_failed', 'yara-x has failed too often and is not used any more');
    }
    try {
      const running = await this.#started();
      const answer = await running.ask(
        { kind: 'scan', bytes, variables: variablesOf(path, bytes) },
        this.#limits.scanMs,
      );
      if (answer.kind !== 'scanned') return incomplete(path, 'engine_failed', 'yara-x could not look at it');
      return { hits: answer.found.flatMap((match) => this.#hitsOf(match)), incomplete: null };
    } catch (error) {
      this.#lost++;
      return incomplete(path, 'engine_failed', (error as Error).message);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    (await running?.catch(() => undefined))?.end();
  }

  /** The process with its rules; a new one where the last has ended. */
  async #started(): Promise<EngineProcess> {
    const running = await this.#process?.catch(() => undefined);
    if (running?.ended === false) return running;
    this.#process = this.#start();
    return this.#process;
  }

  async #start(): Promise<EngineProcess> {
    const running = new EngineProcess();
    const files = (this.#rules?.sources ?? []).map(({ source, name, text }) => ({ key: fileKey(source, name), text }));
    const answer = await running.ask(
      { kind: 'compile', module: this.#options.module ?? packageName, files },
      this.#limits.compileMs,
    );
    if (answer.kind === 'compiled') {
      this.#version = answer.version;
      this.#rejected = answer.rejected;
      return running;
    }
    running.end();
    const missing = answer.kind === 'failed' && answer.code === 'engine_not_installed';
    if (!missing) throw new EngineError('engine_failed', 'yara-x cannot be started');
    throw new EngineError('engine_not_installed', `the package ${packageName} is not installed`, {
      hint: `npm install --no-save ${packageName} in the folder of Drydock, or unset engines.yaraX.`,
    });
  }

  /** Rules that our own engine runs are not told twice. */
  #hitsOf({ key, rule, tags, meta, matches }: EngineMatch): OutsideHit[] {
    if (this.#rules?.wanted.get(key)?.has(rule) !== true) return [];
    const found = this.#rules.sources.find(({ source, name }) => fileKey(source, name) === key);
    const { source = '', observed = false } = found ?? {};
    const facts = ruleFacts({ rule, source, observed, meta: new Map(meta), tags });
    const { number: _, ...hit } = facts;
    return [{ ...hit, matches }];
  }
}

function incomplete(path: string, code: string, message: string): OutsideVerdict {
  return { hits: [], incomplete: { code, path, message, partial: true } };
}

async function wholeOf(content: AsyncIterable<Uint8Array>): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of content) {
    size += part.length;
    if (size > maxObjectBytes) return undefined;
    parts.push(Buffer.from(part));
  }
  return Buffer.concat(parts);
}

/** External variables of rules, as our own engine fills them. */
function variablesOf(path: string, head: Uint8Array): Readonly<Record<string, string>> {
  const filename = path.slice(path.lastIndexOf('/') + 1);
  const dot = filename.lastIndexOf('.');
  const extension = dot < 0 ? '' : filename.slice(dot);
  return { filename, filepath: path.startsWith('/') ? path : `/${path}`, extension, filetype: fileType(head) };
}
