// Runs the native engine in a process of its own: what hangs or crashes in it is ended without harm to the scan. It loads
// next to nothing of ours, so that it starts quickly.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type CompiledFiles, compileFiles, type YaraModule } from './compile-files.ts';
import type { Answer, Question } from './contract.ts';

const require = createRequire(import.meta.url);
let compiled: CompiledFiles | undefined;

process.on('message', (question: Question) => {
  answer(question).then(
    (result) => process.send?.(result),
    (error) => process.send?.({ kind: 'failed', code: 'engine_failed', message: messageOf(error) } satisfies Answer),
  );
});
process.on('disconnect', () => process.exit());

async function answer(question: Question): Promise<Answer> {
  if (question.kind === 'scan') {
    const bytes = Buffer.from(question.bytes.buffer, question.bytes.byteOffset, question.bytes.byteLength);
    return { kind: 'scanned', found: compiled?.scan(bytes, question.variables) ?? [] };
  }
  let engine: YaraModule;
  try {
    engine = require(question.module) as YaraModule;
  } catch (error) {
    return { kind: 'failed', code: 'engine_not_installed', message: messageOf(error) };
  }
  compiled = compileFiles(engine, question.files);
  return { kind: 'compiled', version: await versionOf(question.module), rejected: compiled.rejected };
}

async function versionOf(name: string): Promise<string> {
  const folder = dirname(require.resolve(name));
  const text = await readFile(join(folder, 'package.json'), 'utf8');
  return String((JSON.parse(text) as { version?: unknown }).version);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
