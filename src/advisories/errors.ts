import { CodedError } from '../kernel/index.ts';

export type AdvisoryErrorCode =
  /** A feed could not be fetched or read at all. */
  | 'feed_unavailable'
  /** A feed is not in the published form: not a zip archive, not the expected JSON or CSV. */
  | 'feed_invalid'
  /** A feed exceeds a size limit. */
  | 'feed_too_large'
  /** A feed holds far fewer records than before; a damaged mirror looks like this. */
  | 'feed_shrank'
  /** The newest record of a feed is older than what is loaded. */
  | 'feed_older'
  /** The index file is missing, damaged or of another format version. */
  | 'index_invalid'
  /** Another process is updating the same data directory. */
  | 'update_running'
  /** A bundle file is not ours, truncated or changed, or no file at all. */
  | 'bundle_invalid'
  /** A bundle carries no signature or one of another key. */
  | 'bundle_signature'
  /** A bundle is older than the active snapshot. */
  | 'bundle_rollback'
  /** There is nothing to export: only the bundled facts are there. */
  | 'no_snapshot'
  /** A key file does not hold an Ed25519 key. */
  | 'key_invalid';

/** Failures of advisory data. Whatever is thrown, the snapshot that was active before stays active. */
export class AdvisoryError extends CodedError<AdvisoryErrorCode> {}
