import { parseReference } from '../../image/index.ts';
import { InventoryError } from '../errors.ts';

/** Ports of other protocols, as browsers block them (Fetch standard, "bad port"): no registry, but a target. */
const blockedPorts = new Set(
  `1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 135
  137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719
  1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080`
    .split(/\s+/)
    .map(Number),
);

/**
 * The address of a registry in its one spelling: `https://registry.example.com:5000`.
 * @throws InventoryError `base_url_invalid` for user names, paths, disguised addresses, foreign protocols and their ports
 */
export function parseBaseUrl(text: string): {
  readonly baseUrl: string;
  readonly scheme: 'https' | 'http';
  /** `host[:port]` as in references; with a port where a bare word would mean something else there. */
  readonly host: string;
} {
  const refuse = (why: string): InventoryError =>
    new InventoryError('base_url_invalid', `${JSON.stringify(text.slice(0, 200))} is no address of a registry: ${why}`);
  const parts = /^(https?):\/\/([\x21-\x7e]{1,300}?)\/?$/i.exec(text);
  const scheme = parts?.[1]?.toLowerCase();
  const host = parts?.[2]?.toLowerCase();
  if (scheme === undefined || host === undefined) throw refuse('not https://host[:port]');
  if (/[/?#@\\]/.test(host)) throw refuse('only host and port may follow https://');
  const named = /[.:]/.test(host) || host === 'localhost' ? host : `${host}:${scheme === 'http' ? 80 : 443}`;
  if (!isHost(named)) throw refuse('not a host and port');
  const port = /:(\d+)$/.exec(host)?.[1];
  if (port !== undefined && blockedPorts.has(Number(port))) throw refuse(`port ${port} belongs to another protocol`);
  return { baseUrl: `${scheme}://${host}`, scheme: scheme === 'http' ? 'http' : 'https', host: named };
}

function isHost(host: string): boolean {
  try {
    return parseReference(`${host}/x`).scheme === 'registry';
  } catch {
    return false;
  }
}
