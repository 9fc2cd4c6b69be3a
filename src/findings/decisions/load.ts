import type { IgnoreFile } from './contract.ts';

/**
 * Reads an ignore file like `readIgnoreFile`, which is loaded only now: a YAML parser has no place in the start of the
 * command line.
 * @throws DecisionError `ignore_file_invalid`
 */
export async function loadIgnoreFile(bytes: Uint8Array, name: string): Promise<IgnoreFile> {
  const { readIgnoreFile } = await import('./ignore-file.ts');
  return readIgnoreFile(bytes, name);
}
