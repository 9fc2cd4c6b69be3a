import { createHash } from 'node:crypto';

/** Elements that the report page may hold. */
const allowed = new Set(
  `html head meta title style body main header section footer div p h1 h2 dl dt dd strong small span code details summary table
   thead tbody tr th td svg rect text script`.split(/\s+/),
);

/**
 * What is wrong with a report page as a browser would see it: elements or attributes that texts of an image may have
 * brought in, a policy that does not fit what it allows, anything that is fetched.
 */
export function pageProblems(page: string): readonly string[] {
  const problems: string[] = [];
  const body = page
    .replace(/<style>[\s\S]*?<\/style>/, '<style></style>')
    .replace(/<script>[\s\S]*?<\/script>\n<\/body>/, '<script></script>\n</body>');
  if (!page.startsWith('<!doctype html>\n<html lang="en">')) problems.push('no doctype or language');
  for (const [tag = '', name = ''] of body.matchAll(/<\/?([^\s/>]*)[^>]*>/g)) {
    if (tag === '<!doctype html>') continue;
    if (!allowed.has(name)) problems.push(`element ${name.slice(0, 40)}`);
    if (/\s(on\w+|href|src|srcdoc|action|style|formaction|xlink:href)\s*=/i.test(tag.replace(/"[^"]*"/g, '""'))) {
      problems.push(`attribute of ${tag.slice(0, 100)}`);
    }
  }
  // Every < of the body begins one of our tags.
  const bare = body.replace(/<!doctype html>|<\/?[a-z][a-z0-9]*(\s[a-zA-Z-]+="[^"<>]*")*\/?>/g, '');
  if (/[<>]/.test(bare)) problems.push(`stray < or > near ${JSON.stringify(/.{0,40}[<>].{0,40}/.exec(bare)?.[0])}`);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
  for (const [kind, element] of [
    ['style', /<style>([\s\S]*?)<\/style>/],
    ['script', /<script>([\s\S]*?)<\/script>\n<\/body>/],
  ] as const) {
    const text = element.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(text).digest('base64');
    if (!policy.includes(`${kind}-src 'sha256-${hash}'`)) problems.push(`the policy does not allow the ${kind}`);
  }
  if (!policy.startsWith("default-src 'none'; ") || /unsafe|\*|https?:/.test(policy)) problems.push(`policy ${policy}`);
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
  if (/url\(|@import/i.test(style)) problems.push('the style fetches something');
  return problems;
}

/** Characters that mislead readers or that documents may not hold. */
export function hiddenCharacters(text: string): readonly string[] {
  const found = text.match(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]|\p{Cs}/gu);
  return [...new Set(found ?? [])].map((char) => `U+${(char.codePointAt(0) ?? 0).toString(16)}`);
}
