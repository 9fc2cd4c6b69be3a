import type { VersionScheme } from '../contract.ts';

/** Versions of R packages: numbers apart by dots or hyphens; of two that begin alike the longer one is greater. */
export const rVersions: VersionScheme = {
  id: 'r',
  valid: (version) => version.length <= 128 && version.split(/[.-]/).every((part) => /^[0-9]+$/.test(part)),
  compare(a, b) {
    const [left, right] = [a, b].map((version) => version.split(/[.-]/).map(withoutZeros)) as [string[], string[]];
    for (let i = 0; i < Math.min(left.length, right.length); i++) {
      const [x = '', y = ''] = [left[i], right[i]];
      if (x !== y) return x.length - y.length || (x < y ? -1 : 1);
    }
    return left.length - right.length;
  },
};

function withoutZeros(digits: string): string {
  let start = 0;
  while (digits[start] === '0') start++;
  return digits.slice(start);
}
