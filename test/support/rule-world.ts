import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createRuleStore } from '../../src/adapters/rules/rule-store.ts';
import {
  type CompileRules,
  compileRules,
  type FeedRequest,
  RuleService,
  type RuleSource,
} from '../../src/detectors/index.ts';
import type { Clock } from '../../src/kernel/index.ts';

/** An installation of rules in a directory of its own, with a clock that the test moves. */
export function ruleWorld(t: TestContext, bundled: readonly RuleSource[] = [], compile: CompileRules = compileRules) {
  const root = mkdtempSync(join(tmpdir(), 'drydock-rules-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  let now = new Date('2026-06-01T00:00:00Z');
  const clock: Clock = { now: () => now };
  const directory = join(root, 'data/rules');
  const store = createRuleStore(directory, clock);
  const service = new RuleService({ store, bundled: () => bundled, compile, clock });
  return {
    ...{ root, directory, store, service, clock },
    at: (name: string): string => join(root, name),
    setTime(time: string): void {
      now = new Date(time);
    },
  };
}

/** A request to import one file of text. */
export function feedRequest(name: string, text: string, change: Partial<FeedRequest> = {}): FeedRequest {
  return {
    ...{ name, source: null, licence: null, format: null, enable: false, by: 'tester', skipped: [] },
    files: [{ name: `${name}.yar`, bytes: Buffer.from(text) }],
    ...change,
  };
}

/** A rule that matches one text. */
export function ruleFor(name: string, text: string): string {
  return `rule ${name} { strings: $a = "${text}" condition: $a }\n`;
}
