/** What identifies an image to the world. */
export interface ImageIdentity {
  /** As the user wrote it: `host:5000/team/app:v1`, `oci:DIR:tag`, `archive:FILE` … */
  readonly reference: string;
  readonly digest: string;
}

/**
 * The image as a package URL of type `oci`: last part of the repository name, digest as the version, the repository as
 * qualifier. References to files of this machine keep only their name: a path of the user's disk is nobody's business.
 */
export function imagePurl(image: ImageIdentity): string {
  const { repository, local } = splitReference(image.reference);
  const name = repository.slice(repository.lastIndexOf('/') + 1).toLowerCase() || 'image';
  const base = `pkg:oci/${encodeURIComponent(name.toWellFormed())}@${encodeURIComponent(image.digest)}`;
  return local || !repository.includes('/') ? base : `${base}?repository_url=${encodeURIComponent(repository)}`;
}

/** The name of the repository without tag, digest and scheme; for files, their last path segment. */
export function repositoryOf(reference: string): string {
  const { repository, local } = splitReference(reference);
  return local ? repository.slice(repository.lastIndexOf('/') + 1) || 'image' : repository;
}

function splitReference(reference: string): { repository: string; local: boolean } {
  const scheme = /^(oci|archive|dir|sbom):/.exec(reference)?.[0] ?? '';
  const rest = reference.slice(scheme.length).toWellFormed();
  const at = rest.indexOf('@');
  const named = at < 0 ? rest : rest.slice(0, at);
  const colon = named.lastIndexOf(':');
  const untagged = colon > named.lastIndexOf('/') ? named.slice(0, colon) : named;
  return { repository: untagged.replace(/\/+$/, ''), local: scheme !== '' };
}
