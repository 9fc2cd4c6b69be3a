import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';

/** A mail as it was handed over. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body, without the dots that SMTP adds. */
  readonly content: string;
  readonly encrypted: boolean;
  /** `user:password`, when there was a sign-in. */
  readonly auth: string | null;
}

export interface SmtpSinkOptions {
  readonly tls?: { readonly key: string; readonly cert: string };
  /** `implicit`: TLS from the first byte; else STARTTLS is offered where there is a certificate. */
  readonly implicit?: boolean;
  /** `user:password`; a mail without it is refused. */
  readonly auth?: string;
  /** Answer to a recipient; undefined: accepted. */
  readonly refuse?: (to: string) => string | undefined;
}

/** A small mail server on this machine that keeps what it gets. */
export interface SmtpSink extends AsyncDisposable {
  readonly port: number;
  readonly mails: ReceivedMail[];
}

/** Starts it; it speaks as much of RFC 5321 as a client needs to hand mails over. */
export async function startSmtpSink(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const mails: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  const serve = (socket: Socket, encrypted: boolean): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    new Session(socket, encrypted, options, mails).begin();
  };
  const server =
    options.implicit === true && options.tls !== undefined
      ? createTlsServer(options.tls, (socket) => serve(socket, true)).on('tlsClientError', () => {})
      : createServer((socket) => serve(socket, false));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

class Session {
  readonly #options: SmtpSinkOptions;
  readonly #mails: ReceivedMail[];
  #socket: Socket;
  #encrypted: boolean;
  #text = '';
  #from = '';
  #to: string[] = [];
  #auth: string | null = null;
  #data = false;

  constructor(socket: Socket, encrypted: boolean, options: SmtpSinkOptions, mails: ReceivedMail[]) {
    this.#socket = socket;
    this.#encrypted = encrypted;
    this.#options = options;
    this.#mails = mails;
  }

  begin(): void {
    this.#listen();
    this.#say('220 sink ESMTP');
  }

  #listen(): void {
    this.#socket.setEncoding('utf8').on('data', (chunk: string) => this.#read(chunk));
  }

  #say(line: string): void {
    this.#socket.write(`${line}\r\n`);
  }

  #read(chunk: string): void {
    this.#text += chunk;
    for (;;) {
      const end = this.#data ? this.#text.indexOf('\r\n.\r\n') : this.#text.indexOf('\r\n');
      if (end < 0) return;
      const part = this.#text.slice(0, end);
      this.#text = this.#text.slice(end + (this.#data ? 5 : 2));
      if (this.#data) this.#keep(part);
      else this.#command(part);
    }
  }

  #keep(part: string): void {
    this.#data = false;
    const content = part.replace(/^\.\./gm, '.');
    const { from, to, auth } = { from: this.#from, to: this.#to, auth: this.#auth };
    this.#mails.push({ from, to, content, encrypted: this.#encrypted, auth });
    this.#say('250 kept');
  }

  #command(line: string): void {
    const verb = line.slice(0, 4).toUpperCase();
    const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
    const { tls, auth, refuse } = this.#options;
    if (verb === 'EHLO') {
      const offers = [...(tls && !this.#encrypted ? ['STARTTLS'] : []), ...(auth ? ['AUTH PLAIN'] : []), '8BITMIME'];
      this.#say(['250-sink', ...offers.slice(0, -1).map((one) => `250-${one}`), `250 ${offers.at(-1)}`].join('\r\n'));
    } else if (verb === 'STAR') this.#upgrade();
    else if (verb === 'AUTH') this.#signIn(line.split(' ')[2] ?? '');
    else if (verb === 'MAIL' && auth !== undefined && this.#auth === null) this.#say('530 5.7.0 sign in first');
    else if (verb === 'MAIL') {
      this.#from = address;
      this.#to = [];
      this.#say('250 ok');
    } else if (verb === 'RCPT') {
      const refusal = refuse?.(address);
      if (refusal === undefined) this.#to.push(address);
      this.#say(refusal ?? '250 ok');
    } else if (verb === 'DATA') {
      this.#data = true;
      this.#say('354 go on');
    } else if (verb === 'QUIT') {
      this.#say('221 bye');
      this.#socket.end();
    } else this.#say('250 ok');
  }

  #signIn(response: string): void {
    const [, user = '', password = ''] = Buffer.from(response, 'base64').toString('utf8').split('\0');
    const right = `${user}:${password}` === this.#options.auth;
    if (right) this.#auth = `${user}:${password}`;
    // Some servers repeat what they were given.
    this.#say(right ? '235 2.7.0 welcome' : `535 5.7.8 no such user ${user} ${password} ${response}`);
  }

  #upgrade(): void {
    const { tls } = this.#options;
    this.#say(tls === undefined ? '502 not here' : '220 go on');
    if (tls === undefined) return;
    this.#socket.removeAllListeners('data');
    this.#socket = new TLSSocket(this.#socket, { isServer: true, ...tls }).on('error', () => {}) as Socket;
    this.#encrypted = true;
    this.#listen();
  }
}
