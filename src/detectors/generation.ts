import { checkSets } from './baseline/catalogue.ts';
import { sensitiveRules } from './secrets/catalogue/list.ts';

/** Raised when detectors find more although no reader and no list of rules has changed: code of a heuristic, a filter. */
const revision = 1;

/**
 * A number that rises when the checks, their readers or the rules of this version know more than before: results of a lower
 * one are worth another scan. Rules that are loaded at run time are no part of it.
 */
export const detectorGeneration: number = checkSets.reduce(
  (sum, { checks, readers }) => sum + checks.length + readers.reduce((own, { version }) => own + version, 0),
  revision + sensitiveRules.length,
);
