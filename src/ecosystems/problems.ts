import { displayPath } from '../image/index.ts';
import type { Diagnostic } from '../kernel/index.ts';

/** Most problems that one cataloger tells; an image could otherwise fill memory with complaints. */
const mostProblems = 1000;

/** Files that should have described a package and do not: bounded in number, each makes the report partial. */
export class PackageProblems {
  readonly diagnostics: Diagnostic[] = [];

  /** @param why continues the sentence "FILE …". */
  invalid(path: string, why: string): void {
    this.#add('package_invalid_metadata', path, `${displayPath(path)} ${why}: no package is known from it.`);
  }

  /** More evidence in one layer than is kept. */
  tooMany(layer: string, what: string): void {
    const message = `There are more ${what} in one layer than are read; the others were not looked at.`;
    if (this.diagnostics.length >= mostProblems) return;
    this.diagnostics.push({ code: 'too_many_packages', layer, message, partial: true });
  }

  #add(code: string, path: string, message: string): void {
    if (this.diagnostics.length >= mostProblems) return;
    this.diagnostics.push({ code, path, message, partial: true });
  }
}
