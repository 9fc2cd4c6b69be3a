import { collect } from '../../../../kernel/index.ts';
import { RepositoryError } from './errors.ts';

/**
 * Reads a whole stream of at most `limit` bytes.
 * @throws RepositoryError `limit_exceeded`; `what` names the file.
 */
export function readBounded(content: AsyncIterable<Uint8Array>, limit: number, what: string): Promise<Buffer> {
  return collect(content, limit, () => new RepositoryError('limit_exceeded', `${what} is larger than ${limit} bytes`));
}
