/** What the `Authorization` header of an access key says. */
export type Authorization =
  | {
      readonly scheme: 'SDK-HMAC-SHA256';
      readonly accessKeyId: string;
      readonly signedHeaders: readonly string[];
      readonly signature: string;
    }
  | {
      readonly scheme: 'V11-HMAC-SHA256';
      readonly accessKeyId: string;
      /** `<yyyymmdd>/<region>/<service>` */
      readonly scope: string;
      readonly signedHeaders: readonly string[];
      readonly signature: string;
    };

const headers = "([a-z0-9!#$%&'*+.^_`|~;-]{1,4096})";
const sdk = new RegExp(
  `^SDK-HMAC-SHA256 Access=([^,\\s/]{1,128}), ?SignedHeaders=${headers}, ?Signature=([0-9a-f]{64})$`,
  'i',
);
const v11 = new RegExp(
  `^V11-HMAC-SHA256 Credential=([^,\\s/]{1,128})/(\\d{8}/[^,\\s/]{1,64}/[^,\\s/]{1,64}), ?SignedHeaders=${headers}, ?Signature=([0-9a-f]{64})$`,
  'i',
);

/**
 * Reads an `Authorization` header.
 * @returns null for a scheme that is not one of ours; `malformed` for one of ours that cannot be read
 */
export function parseAuthorization(value: string): Authorization | 'malformed' | null {
  const scheme = /^\s*(SDK|V11)-HMAC-SHA256(\s|$)/i.exec(value)?.[1]?.toUpperCase();
  if (scheme === undefined) return null;
  const [, accessKeyId = '', second = '', third = '', fourth = ''] =
    (scheme === 'SDK' ? sdk : v11).exec(value.trim()) ?? [];
  if (accessKeyId === '') return 'malformed';
  if (scheme === 'SDK') {
    return { scheme: 'SDK-HMAC-SHA256', accessKeyId, signedHeaders: names(second), signature: third.toLowerCase() };
  }
  return {
    scheme: 'V11-HMAC-SHA256',
    accessKeyId,
    scope: second,
    signedHeaders: names(third),
    signature: fourth.toLowerCase(),
  };
}

function names(list: string): readonly string[] {
  return list
    .toLowerCase()
    .split(';')
    .filter((name) => name !== '');
}

/** Time of an `X-Sdk-Date` header in ms; NaN when it is none. */
export function parseSdkDate(text: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (parts === null) return Number.NaN;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
  return back === text ? time : Number.NaN;
}
