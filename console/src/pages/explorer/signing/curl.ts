/** A text as one word of a POSIX shell. */
export function quotedForShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** What a command line needs of a request. */
export interface CurlRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** A part as it shall stand there: a variable of the shell, which must not be quoted. */
  readonly extra?: string;
}

/** The request as a command of curl, a part a line. `host` is left out: curl takes it from the address. */
export function curlOf({ method, url, headers, body, extra }: CurlRequest): string {
  const parts = [
    `curl -sS -X ${method} ${quotedForShell(url)}`,
    ...(extra === undefined ? [] : [extra]),
    ...Object.entries(headers)
      .filter(([name]) => name !== 'host')
      .map(([name, value]) => `-H ${quotedForShell(`${name}: ${value}`)}`),
    ...(body === '' ? [] : [`--data-raw ${quotedForShell(body)}`]),
  ];
  return parts.join(' \\\n  ');
}
