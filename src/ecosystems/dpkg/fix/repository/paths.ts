import { RepositoryError } from './errors.ts';

/**
 * Checks a path below an archive's base: relative, no empty, `.` or `..` segment, only characters that packages and
 * suites really use. So it can be joined to a URL or directory without leaving it.
 * @throws RepositoryError `metadata_untrusted`; `what` names the path for the message.
 */
export function checkArchivePath(path: string, what: string): string {
  if (path.length <= 1024 && /^[A-Za-z0-9.+_~:@=/-]+$/.test(path)) {
    const segments = path.split('/');
    if (segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..')) return path;
  }
  throw new RepositoryError('metadata_untrusted', `${what} is not a safe relative path: ${show(path)}`);
}

/** URL of a checked path. `+` is encoded because some object stores read it as a blank. */
export function archiveUrl(base: string, path: string): string {
  return `${base}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

/** Text of a repository, shortened and quoted, for a message. */
export function show(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text);
}
