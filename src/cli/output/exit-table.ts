import { type ExitCode, exitCodes } from '../exit-codes.ts';

/**
 * The exit code of every error code that Drydock raises, and of the few names of the runtime that mean the same
 * (docs/operations/exit-codes.md). A test holds this against the error classes: a new code needs a decision here.
 */
const codesByExit: Readonly<Partial<Record<ExitCode, string>>> = {
  [exitCodes.usage]: `
    idempotency_key_reused
    certificate_unreadable console_unreadable
    invalid_usage invalid_reference invalid_tag unusable_request output_required ambiguous_image config_unreadable
    config_invalid invalid_configuration key_invalid key_unsupported proxy_invalid
    invalid_order invalid_field name_taken
    invalid_access_input access_name_taken built_in_policy
    glob_invalid base_url_invalid
    policy_invalid policy_unreadable baseline_policy_invalid
    filter_syntax filter_field filter_value filter_limit bad_cursor
    vex_invalid ignore_file_invalid
    rules_unusable engine_address_invalid engine_not_installed`,
  [exitCodes.partial]: 'nothing_applicable all_or_nothing_unmet',
  // Also advisory data that somebody else may have made or held back; a damaged copy is an ordinary failure.
  [exitCodes.verificationFailed]: `
    still_vulnerable new_severe_finding image_mismatch self_check_failed bundle_signature bundle_rollback
    archive_tampered`,
  [exitCodes.auth]: `
    bad_credentials unauthenticated csrf_missing locked unauthorized denied invalid_credentials untrusted_realm
    passphrase_needed passphrase_wrong mail_auth`,
  [exitCodes.notFound]: 'not_found platform_not_found image_not_found source_unreadable ENOENT',
  [exitCodes.advisoriesStale]: 'no_snapshot index_invalid advisory_data_stale',
  [exitCodes.timeout]: 'timeout TimeoutError ETIMEDOUT',
  [exitCodes.interrupted]: 'cancelled AbortError',
  // What nothing more can be said of than the message does. The cause behind it may say more.
  [exitCodes.error]: `
    precondition_failed secret_shown_once too_many_streams
    listen_failed
    address_denied blob_not_found bundle_invalid compressed_archive conflict
    content_mismatch corrupt_layer digest_mismatch download_failed envelope_invalid feed_invalid feed_older
    feed_shrank feed_too_large feed_unavailable internal invalid_archive invalid_config invalid_digest invalid_entry
    invalid_layout invalid_manifest invalid_package invalid_request invalid_response json_invalid json_too_deep
    json_too_large layout_busy lease_lost limit_exceeded manifest_too_large metadata_stale metadata_untrusted
    mirror_unavailable needs_script proxy_refused proxy_unreachable quota rate_limited
    referrers_conflict registry_quota registry_rejected signature_invalid source_changed source_unavailable
    remote_refused storage_full tag_immutable target_moved tls_error too_large too_many_entries too_many_redirects unavailable
    unknown_release unsafe_path unsupported unsupported_compression unsupported_image unsupported_machine
    unsupported_media_type unsupported_schema1 untrusted_location update_running writer_closed
    catalogue_closed listing_endless too_many_repositories too_many_tags registry_removed run_lost
    worker_lost out_of_memory invalid_schedule
    report_invalid sbom_invalid input_too_large
    facts_damaged generation_moved unknown_image
    rows_changed rows_mismatch snapshot_damaged file_too_large
    expired hook_denied too_many_exports too_many_rows too_many_tasks
    unique_violation foreign_key_violation constraint_violation serialization_failure store_busy store_unavailable
    access_in_use last_owner sign_in_busy master_key_missing master_key_invalid master_key_mismatch sealed_data_damaged
    store_timeout store_damaged store_newer store_unreadable nested_transaction ids_exhausted sql_failed
    archive_invalid archive_newer target_not_empty
    archive_limit member_invalid member_unsupported
    rules_too_large rules_damaged rules_busy nothing_to_roll_back
    engine_unreachable engine_failed engine_timeout engine_limit
    yaml_invalid yaml_too_deep thread_died
    redirect_refused http_status service_refused unreachable mail_refused channel_unusable`,
};

/** Exit code by error code or by the name of an error of the runtime. */
export const exitByCode: ReadonlyMap<string, ExitCode> = new Map(
  Object.entries(codesByExit).flatMap(([exit, codes]) =>
    codes
      .trim()
      .split(/\s+/)
      .map((code): [string, ExitCode] => [code, Number(exit) as ExitCode]),
  ),
);
