/**
 * The readers of VEX documents and ignore files, and what applies them. Loaded where files are given: a YAML parser has
 * no place in the start of the command line.
 */
export async function loadDecisions(): Promise<typeof import('./index.ts')> {
  return await import('./index.ts');
}
