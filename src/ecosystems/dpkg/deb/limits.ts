import type { DebLimits } from './contract.ts';

const mebibyte = 1024 * 1024;

/** The defaults of fix-engine.md §1. */
export const debLimits: DebLimits = {
  controlFile: 4 * mebibyte,
  control: 64 * mebibyte,
  payload: 8192 * mebibyte,
  ratio: 200,
  ratioAfter: 256 * mebibyte,
};
