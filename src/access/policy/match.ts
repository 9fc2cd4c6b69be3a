/**
 * Whether an action matches a pattern in which `*` stands for any characters; case is ignored. Takes at most
 * pattern × action steps, whatever stars a hostile pattern has.
 */
export function matchesAction(pattern: string, action: string): boolean {
  const wanted = pattern.toLowerCase();
  const text = action.toLowerCase();
  let w = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (wanted[w] === '*') {
      star = w++;
      resume = t;
    } else if (wanted[w] === text[t]) {
      w++;
      t++;
    } else if (star >= 0) {
      // Let the last star take one character more; earlier stars never need to be tried again.
      w = star + 1;
      t = ++resume;
    } else return false;
  }
  while (wanted[w] === '*') w++;
  return w === wanted.length;
}
