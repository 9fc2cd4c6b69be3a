import { CodedError } from '../kernel/index.ts';

/** What can be wrong with the inventory's own inputs and runs. */
export type InventoryErrorCode =
  | 'glob_invalid'
  | 'base_url_invalid'
  | 'catalogue_closed'
  | 'listing_endless'
  | 'too_many_repositories'
  | 'too_many_tags'
  | 'registry_removed'
  | 'run_lost';

const hints: Record<InventoryErrorCode, string> = {
  glob_invalid: 'Write a pattern of path characters with `*`, `**` and `?`, at most 255 characters.',
  base_url_invalid: 'Write https://host[:port] without user name, path or query.',
  catalogue_closed: 'Give the user the right to list, choose kind harbor, or name the images with kind static.',
  listing_endless: 'The registry repeats pages of its listing; check proxies and caches before it.',
  too_many_repositories: 'Onboard the registry in parts, with include patterns or static lists.',
  too_many_tags: 'Clean up the tags of this repository, or exclude it.',
  registry_removed: 'The registry was removed while work on it went on; nothing has to be done.',
  run_lost: 'Another worker has taken this run over; nothing has to be done.',
};

/** A refusal of the inventory. */
export class InventoryError extends CodedError<InventoryErrorCode> {
  constructor(code: InventoryErrorCode, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(code, message, { ...options, hint: hints[code] });
  }
}
