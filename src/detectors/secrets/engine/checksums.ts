import { crc32 } from 'node:zlib';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * Whether the last six characters of a body are the CRC-32 of those before in base 62, as tokens of GitHub and npm have it
 * (github.blog, "Behind GitHub's new authentication token formats").
 */
export function hasBase62Checksum(body: string): boolean {
  let rest = crc32(body.slice(0, -6));
  let text = '';
  for (let i = 0; i < 6; i++) {
    text = `${digits[rest % 62]}${text}`;
    rest = Math.floor(rest / 62);
  }
  return body.endsWith(text);
}

/** Whether the last eight characters are the CRC-32 of what stands before the separator, as service tokens of Grafana have it. */
export function hasHexChecksum(token: string): boolean {
  const at = token.lastIndexOf('_');
  return crc32(token.slice(0, at)).toString(16).padStart(8, '0') === token.slice(at + 1);
}
