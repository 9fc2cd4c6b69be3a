import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../../../detectors/index.ts';
import type { Answer, Question } from './contract.ts';

/** Started as it is written or as it was built. */
const entry = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './yara-x-worker.ts' : './yara-x-worker.js', import.meta.url),
);

/** A process that runs the engine. It answers one question after the other. */
export class EngineProcess {
  readonly #child: ChildProcess;
  #tail: Promise<unknown> = Promise.resolve();
  #ended = false;

  constructor() {
    // Fixed arguments, and nothing of the environment: no secret reaches code that is not ours.
    this.#child = fork(entry, [], {
      ...{ serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
      ...{ execArgv: [], env: {} },
    });
    this.#child.on('error', () => this.end());
    this.#child.on('exit', () => {
      this.#ended = true;
    });
    this.#hold(false);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** @throws EngineError `engine_failed` when the process dies, or needs longer than it may: it is ended then */
  ask(question: Question, milliseconds: number): Promise<Answer> {
    const answer = this.#tail.then(() => this.#ask(question, milliseconds));
    this.#tail = answer.catch(() => {});
    return answer;
  }

  end(): void {
    this.#ended = true;
    this.#child.kill('SIGKILL');
  }

  async #ask(question: Question, milliseconds: number): Promise<Answer> {
    if (this.#ended) throw new EngineError('engine_failed', 'the process of the engine has ended');
    this.#hold(true);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const died = (): void => reject(new EngineError('engine_failed', 'the process of the engine has ended'));
    const timer = setTimeout(() => {
      reject(new EngineError('engine_failed', `the engine took longer than ${milliseconds / 1000} s`));
      this.end();
    }, milliseconds);
    this.#child.once('message', resolve);
    this.#child.once('exit', died);
    try {
      this.#child.send(question, (error) => error && died());
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#child.off('message', resolve);
      this.#child.off('exit', died);
      this.#hold(false);
    }
  }

  /** A process that nobody waits for must not keep ours alive. */
  #hold(isHeld: boolean): void {
    for (const part of [this.#child, this.#child.channel])
      if (isHeld) part?.ref();
      else part?.unref();
  }
}
