import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkOutcome, type FragmentOptions, type LayerFiles } from './detection.ts';

/** What an image has, and how a check must end on it: `why` names the case. */
export type CheckCase = readonly [
  why: string,
  files: LayerFiles,
  expected: string,
  settings?: FragmentOptions['settings'],
];

/** One test for each check: all of its cases. */
export function testChecks(cases: Readonly<Record<string, readonly CheckCase[]>>): void {
  for (const [check, list] of Object.entries(cases)) {
    test(`${check}: ${list.length} images`, async () => {
      const ended: [string, string][] = [];
      for (const [why, files, , settings] of list) {
        ended.push([why, await checkOutcome(check, [files], settings === undefined ? {} : { settings })]);
      }
      assert.deepEqual(
        ended,
        list.map(([why, , expected]) => [why, expected]),
      );
    });
  }
}

/** A program that a check is told by; nobody runs it. */
export const program = { mode: 0o755, content: '\u007fELF' } as const;
