/**
 * Whether a path matches a pattern: `*` stands for anything inside of a segment, `?` for one character of it, `**` as a
 * whole segment for any number of segments. Linear in the size of both for each star; no regular expression is built.
 */
export function matchesPath(pattern: string, path: string): boolean {
  return matchList(clean(pattern).split('/'), clean(path).split('/'), '**', matchesSegment);
}

function matchesSegment(pattern: string, text: string): boolean {
  return matchList([...pattern], [...text], '*', (one, other) => one === '?' || one === other);
}

/** Greedy matching of a list with wild items: after a mismatch only the last wild item takes one more. */
function matchList(
  pattern: readonly string[],
  items: readonly string[],
  wild: string,
  same: (pattern: string, item: string) => boolean,
): boolean {
  let at = 0;
  let item = 0;
  let star = -1;
  let resume = 0;
  while (item < items.length) {
    if (at < pattern.length && pattern[at] === wild) {
      star = at++;
      resume = item;
    } else if (at < pattern.length && same(pattern[at] as string, items[item] as string)) {
      at++;
      item++;
    } else if (star >= 0) {
      at = star + 1;
      item = ++resume;
    } else return false;
  }
  while (pattern[at] === wild) at++;
  return at === pattern.length;
}

function clean(path: string): string {
  let start = 0;
  while (path.startsWith('/', start) || path.startsWith('./', start)) start += path[start] === '/' ? 1 : 2;
  return path.slice(start);
}
