import { CodedError, hasCode, messageOf } from '../kernel/index.ts';

/** Why a fix task ended without delivering anything; a closed set that every facade maps (fix-engine.md §2.2). */
export type FixFailure =
  | 'source_changed'
  | 'source_unavailable'
  | 'image_mismatch'
  | 'unsupported_image'
  | 'metadata_untrusted'
  | 'metadata_stale'
  | 'nothing_applicable'
  | 'all_or_nothing_unmet'
  | 'digest_mismatch'
  | 'limit_exceeded'
  | 'self_check_failed'
  | 'registry_rejected'
  | 'registry_quota'
  | 'still_vulnerable'
  | 'new_severe_finding'
  | 'advisory_data_stale'
  | 'tag_immutable'
  | 'target_moved'
  | 'lease_lost'
  | 'cancelled'
  | 'internal';

/** Refusals of a request that never became a task: the user has to ask for something else. */
export type FixRefusal = 'invalid_tag' | 'unusable_request' | 'output_required';

/** A fix that cannot be done as asked; `code` is what reports and facades show. */
export class FixError extends CodedError<FixFailure | FixRefusal> {}

/** Codes of the layers below, in terms of the fix task. The first match wins. */
const translations: readonly (readonly [FixFailure, readonly string[]])[] = [
  ['digest_mismatch', ['digest_mismatch']],
  ['metadata_stale', ['metadata_stale']],
  ['metadata_untrusted', ['metadata_untrusted']],
  ['registry_quota', ['quota', 'storage_full']],
  ['limit_exceeded', ['too_large', 'manifest_too_large', 'limit_exceeded', 'too_many_entries']],
  ['tag_immutable', ['tag_immutable']],
  [
    'unsupported_image',
    ['unsupported_image', 'invalid_manifest', 'invalid_config', 'unsupported_schema1', 'unsupported_media_type'],
  ],
];

/**
 * Any failure inside a task as a typed reason; `fallback` names what the current stage was doing. The original
 * error stays reachable as `cause`.
 */
export function asFixError(error: unknown, fallback: FixFailure): FixError {
  if (error instanceof FixError) return error;
  for (const [failure, codes] of translations) {
    if (codes.some((code) => hasCode(error, code))) return wrap(error, failure);
  }
  return wrap(error, error instanceof CodedError ? fallback : 'internal');
}

function wrap(error: unknown, code: FixFailure): FixError {
  const known = error instanceof CodedError ? error : undefined;
  return new FixError(code, messageOf(error), {
    cause: error,
    retryable: known?.retryable ?? false,
    ...(known?.hint !== undefined && { hint: known.hint }),
  });
}
