/** Longest list of repositories that is looked at. */
const maxLines = 200;

/**
 * Branches (`v3.20`, `edge`, `latest-stable`) of the repositories that apk takes packages from without being told to:
 * lines with a tag (`@edge https://…`) give packages only by name, so one of them makes no image an edge image.
 * @param bytes of `etc/apk/repositories`
 */
export function repositoryBranches(bytes: Uint8Array): string[] {
  const text = new TextDecoder().decode(bytes);
  const branches = new Set<string>();
  for (const line of text.split('\n', maxLines)) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith('@')) continue;
    // `…/alpine/v3.20/main`: the branch is the directory above the repository.
    const branch = trimmed.split('/').at(-2) ?? '';
    if (branch === 'edge' || branch === 'latest-stable' || /^v[0-9]{1,3}\.[0-9]{1,3}$/.test(branch))
      branches.add(branch);
  }
  return [...branches].sort();
}

/**
 * Whether an Alpine is edge, the branch without releases: its `VERSION_ID` names a snapshot (`3.23_alpha20250612`), or
 * edge is all that apk takes packages from.
 */
export function isAlpineEdge(versionId: string | null, branches: readonly string[]): boolean {
  if (versionId !== null && (versionId === 'edge' || versionId.includes('_'))) return true;
  return branches.length === 1 && branches[0] === 'edge';
}
