import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createSmtpSender } from '../../src/adapters/mail/smtp.ts';
import { noProxies } from '../../src/kernel/index.ts';
import { createSender, type MailTarget, type Message, type Outcome } from '../../src/notify/index.ts';
import { testAuthority } from '../support/certificates.ts';
import { type SmtpSink, type SmtpSinkOptions, startSmtpSink } from '../support/smtp-sink.ts';

const password = 'canary-91c2-mail-password';
const message: Message = {
  ...{ id: 'evt-9-x', event: 'scan.failed', at: Date.UTC(2026, 0, 1), severity: null, projectId: 1, more: 0 },
  ...{ title: 'Bild „Größe“ \r\nBcc: evil@example.com', facts: [], path: null },
  items: [{ id: null, text: 'team/app:v1 漏洞\r\n.\r\nMAIL FROM:<evil@example.com>', severity: null }],
};

async function sink(t: TestContext, options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const started = await startSmtpSink(options);
  t.after(() => started[Symbol.asyncDispose]());
  return started;
}

function send(port: number, over: Partial<MailTarget> = {}, allowed = ['127.0.0.0/8']): Promise<Outcome> {
  const target: MailTarget = {
    ...{ kind: 'mail', host: '127.0.0.1', port, security: 'none', username: null, password: null, ca: null },
    ...{ from: 'Drydock <drydock@mail.example>', to: ['ops@mail.example', 'sec@mail.example'] },
    ...over,
  };
  const sender = createSender({
    ...{ allowedAddresses: allowed, proxies: noProxies, userAgent: 'test', publicUrl: null, now: Date.now },
    mail: createSmtpSender(allowed),
    timeoutMs: 5_000,
  });
  return sender.send(message, target, new AbortController().signal);
}

function codeOf(outcome: Outcome): string {
  const text = JSON.stringify(outcome);
  assert.ok(!text.includes(password) && !text.includes(Buffer.from(password).toString('base64')), text);
  return outcome.delivered ? 'delivered' : outcome.failure.code;
}

test('a mail arrives whole; hostile text adds no header, recipient or command', async (t) => {
  const { port, mails } = await sink(t);
  assert.equal(codeOf(await send(port)), 'delivered');
  const [mail] = mails;
  assert.ok(mail);
  assert.deepEqual(
    [mail.from, mail.to, mails.length],
    ['drydock@mail.example', ['ops@mail.example', 'sec@mail.example'], 1],
  );
  const [head = '', body = ''] = mail.content.split(/\r\n\r\n/, 2);
  assert.doesNotMatch(head, /^Bcc:/im);
  assert.match(head, /^Message-ID: <evt-9-x@mail\.example>$/im);
  assert.match(head, /^X-Drydock-Event-Id: evt-9-x$/im);
  assert.match(head, /^Auto-Submitted: auto-generated$/im);
  assert.match(head, /^Content-Type: text\/plain/im);
  assert.ok(body.length > 0);
});

test('TLS, STARTTLS and sign-in; a password goes over neither plain text nor unknown certificates', async (t) => {
  await using authority = await testAuthority('openssl');
  const tls = await authority.issue('IP:127.0.0.1');
  const ca = authority.certificate;
  const secured = { username: 'drydock', password, ca };
  const auth = `drydock:${password}`;
  const implicit = await sink(t, { tls, implicit: true, auth });
  assert.equal(codeOf(await send(implicit.port, { ...secured, security: 'tls' })), 'delivered');
  const upgraded = await sink(t, { tls, auth });
  assert.equal(codeOf(await send(upgraded.port, { ...secured, security: 'starttls' })), 'delivered');
  for (const { mails } of [implicit, upgraded]) {
    assert.deepEqual(
      mails.map(({ encrypted, auth: used }) => [encrypted, used]),
      [[true, auth]],
    );
  }
  assert.equal(codeOf(await send(upgraded.port, { ...secured, ca: null, security: 'starttls' })), 'tls_error');
  assert.equal(
    codeOf(await send(upgraded.port, { ...secured, password: `${password}x`, security: 'starttls' })),
    'mail_auth',
  );
  const plain = await sink(t, { auth });
  assert.equal(codeOf(await send(plain.port, { ...secured, security: 'starttls' })), 'tls_error');
  assert.deepEqual([plain.mails, upgraded.mails.length], [[], 1]);
});

test('refusals are told; recipients who have a message do not get it again', async (t) => {
  const refusing = await sink(t, { refuse: () => '550 5.1.1 no such mailbox' });
  const all = await send(refusing.port);
  assert.equal(codeOf(all), 'mail_refused');
  assert.match(JSON.stringify(all), /550 5\.1\.1 no such mailbox/);
  const half = await sink(t, { refuse: (to) => (to.startsWith('sec') ? '550 no' : undefined) });
  const outcome = await send(half.port);
  assert.deepEqual(
    [codeOf(outcome), outcome.delivered || outcome.again, half.mails.length],
    ['mail_refused', false, 1],
  );
});

test('mail servers are judged by the same policy as registries', async (t) => {
  const { port, mails } = await sink(t);
  assert.equal(codeOf(await send(port, {}, [])), 'address_denied');
  assert.equal(codeOf(await send(port, { host: 'localhost' }, [])), 'address_denied');
  assert.equal(codeOf(await send(1)), 'unreachable');
  assert.deepEqual(mails, []);
});
