import { terminalText } from '../../exports/index.ts';
import type { Progress, ProgressEvent } from '../../kernel/index.ts';
import { UsageError } from './errors.ts';
import type { Output } from './terminal.ts';

/** How progress is shown: `auto` is `tty` on a terminal and `plain` elsewhere. */
export const progressModes = ['auto', 'plain', 'tty', 'json', 'none'] as const;
export type ProgressMode = (typeof progressModes)[number];

/** Draws progress until it is closed. */
export interface ProgressView {
  readonly progress: Progress;
  /** Removes what is only true while working; call it before anything else is written to the same terminal. */
  close(): void;
}

/** The mode as typed after `--progress`. @throws UsageError */
export function parseProgressMode(text: string): ProgressMode {
  const mode = progressModes.find((known) => known === text);
  if (mode === undefined)
    throw new UsageError(`unknown progress mode "${text}"`, `Use one of ${progressModes.join(', ')}.`);
  return mode;
}

/** Shows progress on `out` (stderr). Quiet shows warnings only. */
export function showProgress(mode: ProgressMode, out: Output, quiet = false): ProgressView {
  if (mode === 'json') return { progress: (event) => void out.write(`${JSON.stringify(event)}\n`), close: () => {} };
  if (quiet || mode === 'none') return { progress: warningsOnly(out), close: () => {} };
  const tty = mode === 'tty' || (mode === 'auto' && out.isTTY === true);
  return tty ? new RedrawnLine(out) : new PlainLines(out);
}

function warningsOnly(out: Output): Progress {
  return (event) => {
    if (event.kind === 'message' && event.level === 'warning') out.write(messageLine(event));
  };
}

function messageLine(event: ProgressEvent & { kind: 'message' }): string {
  return `${event.level === 'warning' ? 'warning: ' : ''}${terminalText(event.text)}\n`;
}

/** One line per stage and message, for logs; counters are left out because they would fill them. */
class PlainLines implements ProgressView {
  readonly #out: Output;
  #last = '';

  constructor(out: Output) {
    this.#out = out;
  }

  readonly progress: Progress = (event) => {
    if (event.kind === 'progress') return;
    const line = event.kind === 'message' ? messageLine(event) : `${stageText(event)}\n`;
    if (line === this.#last) return;
    this.#last = line;
    this.#out.write(line);
  };

  close(): void {}
}

/** Redrawing more often than this only costs time. */
const redrawMs = 80;
const clearLine = '\r\u001b[2K';

/** One line that is redrawn in place. */
class RedrawnLine implements ProgressView {
  readonly #out: Output;
  #stage = '';
  #counter = '';
  #drawn = false;
  #at = 0;

  constructor(out: Output) {
    this.#out = out;
  }

  readonly progress: Progress = (event) => {
    if (event.kind === 'message') {
      this.close();
      this.#out.write(messageLine(event));
    } else if (event.kind === 'stage') {
      this.#stage = stageText(event);
      this.#counter = '';
      this.#draw(true);
    } else {
      this.#counter = counterText(event);
      this.#draw(event.done === event.total);
    }
  };

  #draw(now: boolean): void {
    const time = performance.now();
    if (!now && time - this.#at < redrawMs) return;
    this.#at = time;
    const text = [this.#stage, this.#counter].filter((part) => part !== '').join('  ');
    const room = (this.#out.columns ?? 80) - 1;
    this.#out.write(`${clearLine}${text.length > room ? `${text.slice(0, room - 1)}…` : text}`);
    this.#drawn = true;
  }

  close(): void {
    if (this.#drawn) this.#out.write(clearLine);
    this.#drawn = false;
  }
}

function stageText(event: ProgressEvent & { kind: 'stage' }): string {
  return terminalText(event.detail === undefined ? event.stage : `${event.stage} ${event.detail}`);
}

function counterText(event: ProgressEvent & { kind: 'progress' }): string {
  const show = event.unit === 'bytes' ? byteText : String;
  const total = event.total === undefined ? '' : ` / ${show(event.total)}`;
  return `${terminalText(event.step)} ${show(event.done)}${total}`;
}

/** A number of bytes for people, in decimal units as registries show them. */
export function byteText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 999.5 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
