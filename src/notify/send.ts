import { type CodedError, collect, createTransport, defaultHttpLimits, type ProxyRules } from '../kernel/index.ts';
import type {
  HttpAnswer,
  HttpPost,
  HttpTarget,
  MailSender,
  MailTarget,
  OpenTarget,
  Outcome,
  Sender,
  Wording,
} from './contract.ts';
import { NotifyError } from './errors.ts';
import { connectionFailure, unforeseen, withoutSecrets } from './failures.ts';
import { composeMail } from './kinds/mail.ts';
import { httpKind } from './kinds.ts';
import { plainLine } from './text.ts';

/** How receivers are reached from this installation. */
export interface SenderOptions {
  /** CIDR ranges of loopback, link-local and metadata addresses that may be connected to all the same. */
  readonly allowedAddresses: readonly string[];
  readonly proxies: ProxyRules;
  readonly userAgent: string;
  readonly mail: MailSender;
  /** Address of the console; null = messages have no link. */
  readonly publicUrl: string | null;
  readonly now: () => number;
  /** Longest time for one attempt, ms. */
  readonly timeoutMs?: number;
}

const answerBytes = 64 * 1024;
const longestText = 300;
const limits = { ...defaultHttpLimits, headersMs: 15_000, stallMs: 15_000 };

/** Sends messages over HTTP and mail, under the same network policy as registries are reached with. */
export function createSender(options: SenderOptions): Sender {
  const { now, timeoutMs = 20_000 } = options;
  return {
    async send(message, target, signal) {
      const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const wording: Wording = { now: now(), link: linkOf(options.publicUrl, message.path) };
      try {
        if (target.kind === 'mail') {
          await options.mail.send(target, composeMail(message, target.from, wording), within);
          return { delivered: true, httpStatus: null };
        }
        const answer = await post(httpKind(target.kind).compose(message, target, wording), target, options, within);
        return judge(answer, target);
      } catch (error) {
        signal.throwIfAborted();
        return failed(error, target);
      }
    },
  };
}

/** Address of a page; nothing in it ends a link of Markdown. */
function linkOf(publicUrl: string | null, path: string | null): string | null {
  if (publicUrl === null || path === null) return null;
  const base = publicUrl.endsWith('/') ? publicUrl.slice(0, -1) : publicUrl;
  return new URL(`${base}${path}`).href.replace(
    /[()*'!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

async function post(
  request: HttpPost,
  target: HttpTarget,
  options: SenderOptions,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const transport = createTransport({
    own: request.url,
    limits,
    proxies: options.proxies,
    allowedAddresses: options.allowedAddresses,
    remoteOnly: true,
    ...(target.ca !== null && { ca: target.ca }),
  });
  try {
    const { status, headers, body } = await transport.send({
      method: 'POST',
      url: request.url,
      headers: { ...request.headers, 'user-agent': options.userAgent, accept: 'application/json, */*' },
      body: Buffer.from(request.body),
      signal,
    });
    return { status, headers, body: await textOf(body) };
  } finally {
    await transport.close();
  }
}

/** The beginning of an answer; a longer one is no reason to call a message undelivered. */
async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  async function* beginning(): AsyncGenerator<Uint8Array> {
    let size = 0;
    for await (const part of body) {
      yield part.subarray(0, answerBytes - size);
      size += part.length;
      if (size >= answerBytes) return;
    }
  }
  return (await collect(beginning(), answerBytes, () => new RangeError('cut'))).toString('utf8');
}

function judge(answer: HttpAnswer, target: HttpTarget): Outcome {
  const { status } = answer;
  const host = new URL(target.url).host;
  if (status >= 200 && status < 300) {
    const refusal = httpKind(target.kind).refusal(answer);
    if (refusal === null) return { delivered: true, httpStatus: status };
    const text = `${host} refused the message: ${plainLine(withoutSecrets(refusal, secretsOf(target)), longestText)}`;
    return failed(new NotifyError('service_refused', text, { httpStatus: status }), target);
  }
  if (status >= 300 && status < 400) {
    const text = `${host} redirects (HTTP ${status})`;
    return failed(new NotifyError('redirect_refused', text, { httpStatus: status, retryable: false }), target);
  }
  const retryAfterMs = retryAfter(answer.headers['retry-after']);
  const code = status === 429 ? 'rate_limited' : 'http_status';
  return failed(new NotifyError(code, `${host} answered HTTP ${status}`, { httpStatus: status, retryAfterMs }), target);
}

/** Only seconds: nobody of these sends a date. */
function retryAfter(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,6}$/.test(value.trim()) ? Number(value) * 1000 : null;
}

function failed(error: unknown, target: OpenTarget): Outcome {
  const coded = error instanceof NotifyError ? error : connectionFailure(error, hostOf(target));
  return {
    delivered: false,
    httpStatus: coded instanceof NotifyError ? coded.httpStatus : null,
    failure: { code: coded.code, message: plainLine(unforeseen(coded), 500), hint: coded.hint ?? null },
    again: againAfter(coded),
    retryAfterMs: coded instanceof NotifyError ? coded.retryAfterMs : null,
  };
}

/** Names may lead elsewhere tomorrow, but what the policy of this installation refuses somebody has to look at. */
function againAfter(error: CodedError): boolean {
  if (error instanceof NotifyError) return error.retryable;
  return error.code !== 'address_denied' && error.code !== 'proxy_invalid';
}

function hostOf(target: HttpTarget | MailTarget): string {
  if (target.kind === 'mail') return `${target.host}:${target.port}`;
  return URL.parse(target.url)?.host ?? 'the receiver';
}

/** Whatever of a target must not be repeated. */
function secretsOf({ url, secret }: HttpTarget): string[] {
  const { pathname, search, searchParams, username, password } = new URL(url);
  const parts = [...pathname.split('/'), ...searchParams.values()].filter((part) => part.length >= 8);
  return [url, pathname.length > 1 ? pathname : '', search, username, password, secret ?? '', ...parts];
}
