import type { Diagnostic } from '../../kernel/index.ts';
import type { FileEntry, LayerVisitor } from './contract.ts';
import { type Delivery, startDelivery } from './delivery.ts';
import { defaultLayerLimits } from './limits.ts';

/** More problems of one layer than these are not kept. */
const keptDiagnostics = 5000;

/** Drives visitors away from the walk that feeds them: files come under numbers, several may be open at a time. */
export class VisitorHost {
  readonly #visitors: readonly LayerVisitor<unknown>[];
  readonly #open = new Map<number, Delivery>();
  readonly #diagnostics: Diagnostic[] = [];

  constructor(visitors: readonly LayerVisitor<unknown>[]) {
    this.#visitors = visitors;
  }

  start(file: number, entry: FileEntry): void {
    const delivery = startDelivery(entry, {
      visitors: this.#visitors,
      wholeLimit: () => defaultLayerLimits.wholeFile,
      report: (diagnostic) => {
        if (this.#diagnostics.length < keptDiagnostics) this.#diagnostics.push(diagnostic);
      },
    });
    if (delivery !== undefined) this.#open.set(file, delivery);
  }

  /** The bytes are used up when it resolves. */
  async chunk(file: number, bytes: Uint8Array): Promise<void> {
    const delivery = this.#open.get(file);
    if (delivery?.wantsMore() === true) await delivery.chunk(bytes);
  }

  async end(file: number): Promise<void> {
    const delivery = this.#open.get(file);
    this.#open.delete(file);
    await delivery?.end();
  }

  /** Facts by visitor; files that did not end are cut off. */
  async finish(): Promise<{
    readonly facts: ReadonlyMap<string, unknown>;
    readonly diagnostics: readonly Diagnostic[];
  }> {
    for (const delivery of this.#open.values()) delivery.cut();
    this.#open.clear();
    for (const visitor of this.#visitors) await visitor.settle?.();
    return {
      facts: new Map(this.#visitors.map((visitor) => [visitor.id, visitor.finish()])),
      diagnostics: this.#diagnostics,
    };
  }
}
