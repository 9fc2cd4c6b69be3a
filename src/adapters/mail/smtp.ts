import { connect, isIP, type Socket } from 'node:net';
import { getCACertificates } from 'node:tls';
import { createNetworkPolicy } from '../../kernel/index.ts';
import { type Mail, type MailSender, type MailTarget, NotifyError, plainLine } from '../../notify/index.ts';

const connectMs = 10_000;
const silenceMs = 15_000;
const longestAnswer = 64 * 1024;

/**
 * Mails over SMTP, one connection each. The connection is ours, so that names are resolved and addresses judged as everywhere
 * else; proxies for the web know nothing of mail.
 * @param allowedAddresses CIDR ranges that may be connected to although the network policy denies them
 */
export function createSmtpSender(allowedAddresses: readonly string[]): MailSender {
  return {
    async send(target, mail, signal) {
      // Loaded where mail is sent only.
      const { createTransport } = await import('nodemailer');
      const socket = await open(target, allowedAddresses, signal);
      try {
        const transport = createTransport({ ...settings(target), connection: socket });
        const sent = await transport.sendMail({ ...letter(target, mail), signal });
        refusePartial(target, sent.rejected.length);
      } catch (error) {
        signal.throwIfAborted();
        throw named(error, target);
      } finally {
        socket.destroy();
      }
    },
  };
}

function settings({ host, port, security, username, password, ca }: MailTarget) {
  return {
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: {
      ...(isIP(host) === 0 && { servername: host }),
      ...(ca !== null && { ca: [...getCACertificates('default'), ca] }),
    },
    ...(username !== null && { auth: { user: username, pass: password ?? '' } }),
    ...{ connectionTimeout: connectMs, greetingTimeout: silenceMs, socketTimeout: silenceMs },
    ...{ maxResponseSize: longestAnswer, disableFileAccess: true, disableUrlAccess: true },
  };
}

function letter({ from, to }: MailTarget, { subject, text, headers }: Mail) {
  const { 'Message-ID': messageId, ...others } = headers;
  return { from, to: [...to], subject, text, headers: others, ...(messageId !== undefined && { messageId }) };
}

/** Connects to an address that passed the policy. @throws HttpError `address_denied` and errors of the system */
async function open({ host, port }: MailTarget, allowed: readonly string[], signal: AbortSignal): Promise<Socket> {
  const policy = createNetworkPolicy(host, allowed, undefined, { remote: true });
  if (isIP(host) !== 0) policy.check(host, host);
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ host, port, lookup: policy.lookup, signal });
  const late = setTimeout(() => socket.destroy(Object.assign(new Error('late'), { code: 'ETIMEDOUT' })), connectMs);
  socket.once('connect', () => resolve(socket)).once('error', reject);
  try {
    return await promise;
  } finally {
    clearTimeout(late);
    socket.removeListener('error', reject);
    // Whoever is done with it must not be surprised by its late failure.
    socket.on('error', () => {});
  }
}

/** Those who have it would get it once more with every repetition, so it is not repeated. */
function refusePartial({ host, port, to }: MailTarget, rejected: number): void {
  if (rejected === 0) return;
  const text = `${host}:${port} refused ${rejected} of ${to.length} recipients; the others have the message`;
  throw new NotifyError('mail_refused', text, { retryable: false });
}

/** A failure of the protocol by what the server said; everything else stays as it is. */
function named(error: unknown, { host, port, username, password }: MailTarget): unknown {
  if (error instanceof NotifyError || !(error instanceof Error)) return error;
  const { code, response } = error as { code?: string; response?: unknown };
  const secrets = [username, password].filter((secret) => secret !== null && secret.length > 3) as string[];
  const answer = typeof response === 'string' ? `: ${plainLine(without(response, secrets), 200)}` : '';
  const place = `${host}:${port}`;
  if (code === 'EAUTH') return new NotifyError('mail_auth', `${place} refused the sign-in${answer}`, { cause: error });
  if (code === 'ETLS') {
    return new NotifyError('tls_error', `no trusted TLS connection to ${place}${answer}`, { cause: error });
  }
  if (answer !== '') return new NotifyError('mail_refused', `${place} refused the message${answer}`, { cause: error });
  return error;
}

function without(text: string, secrets: readonly string[]): string {
  const encoded = [...secrets, `\0${secrets.join('\0')}`].map((secret) => Buffer.from(secret).toString('base64'));
  return [...secrets, ...encoded].reduce((left, secret) => left.replaceAll(secret, '…'), text);
}
