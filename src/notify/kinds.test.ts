import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChannelKindId, HttpPost, HttpTarget, Message } from './contract.ts';
import { composeMail } from './kinds/mail.ts';
import { httpKind } from './kinds.ts';

const message: Message = {
  ...{ id: 'evt-7-abc', event: 'vulnerability.new', at: Date.UTC(2026, 0, 1), projectId: null },
  ...{ title: 'CVE-2026-1 (high) affects 3 images', severity: 'high', path: '/vulns/CVE-2026-1', more: 2 },
  facts: [['Fix', 'published']],
  items: [{ id: 'team/app_one', text: 'team/app_one: 3 images', severity: null }],
};
const now = 1_767_225_600_123;
const wording = { now, link: 'https://drydock.example/vulns/CVE-2026-1' };

function post(
  kind: Exclude<ChannelKindId, 'mail'>,
  over: Partial<Message> = {},
  secret: string | null = null,
): HttpPost {
  const target: HttpTarget = { kind, url: 'https://hooks.example/x?access_token=t', secret, ca: null };
  return httpKind(kind).compose({ ...message, ...over }, target, wording);
}

// Text that is markup, a mention or a link with one service or another.
const hostile =
  '<!channel> <@U1> <@all> @everyone [click](https://evil.example) ![i](http://evil.example/x.png) *b* `c` # h\n> q\n- l <font color="warning">x</font> <at id=all></at> www.evil.example &lt; \u202Egnp\u0000\u200B';
const hostileMessage: Partial<Message> = {
  title: hostile,
  facts: [[hostile, hostile]],
  items: [{ id: hostile, text: hostile, severity: 'critical' }],
};

test('webhook: the signature is that of openssl over timestamp, dot and body', async () => {
  const secret = 'sixteen-characters';
  const { headers, body } = post('webhook', {}, secret);
  assert.equal(headers['x-drydock-timestamp'], '1767225600');
  assert.equal(headers['x-drydock-event-id'], 'evt-7-abc');
  const { createHmac } = await import('node:crypto');
  const expected = createHmac('sha256', secret).update(`1767225600.${body}`).digest('hex');
  assert.equal(headers['x-drydock-signature'], `v1=${expected}`);
  // printf '1767225600.{"a":1}' | openssl dgst -sha256 -hmac 'sixteen-characters'
  const { webhookSignature } = await import('./kinds/webhook.ts');
  assert.equal(
    webhookSignature(secret, '1767225600', '{"a":1}'),
    '17bcafcefd5dd31f918ba43ae612f371f80203be2f08cb6f6c49a26363949e95',
  );
  const { id, items, more, url, at } = JSON.parse(body);
  assert.deepEqual([id, items, more, url], ['evt-7-abc', message.items, 2, wording.link]);
  assert.equal(at, '2026-01-01T00:00:00.000Z');
});

test('webhook: without a secret nothing is sent', () => {
  assert.throws(() => post('webhook'), { code: 'channel_unusable' });
});

test('DingTalk: signs in the query as the service documents it', async () => {
  const { dingtalkSignature } = await import('./kinds/dingtalk.ts');
  // Python: base64(hmac(secret, f'{timestamp}\n{secret}', sha256)), quoted by urllib.parse.quote_plus.
  assert.equal(dingtalkSignature('this is secret', '1577262236757'), 'hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM=');
  const { url, body } = post('dingtalk', {}, 'this is secret');
  assert.equal(url.searchParams.get('access_token'), 't');
  assert.equal(url.searchParams.get('timestamp'), String(now));
  const sign = dingtalkSignature('this is secret', String(now));
  assert.match(url.search, new RegExp(`sign=${encodeURIComponent(sign).replaceAll('+', '\\+')}`));
  const { msgtype, markdown, at } = JSON.parse(body);
  assert.deepEqual([msgtype, at], ['markdown', { isAtAll: false }]);
  assert.match(
    markdown.text,
    /^### CVE-2026-1 \(high\) affects 3 images\n\n> Fix: published\n\n- team\/app_one: 3 images/,
  );
  assert.match(markdown.text, /… and 2 more\n\n\[Open Drydock\]\(https:\/\/drydock\.example\/vulns\/CVE-2026-1\)/);
  assert.equal(post('dingtalk').url.search, '?access_token=t');
});

test('Feishu: signs in the body as the service documents it', async () => {
  const { feishuSignature } = await import('./kinds/feishu.ts');
  // Python: base64(hmac(f'{timestamp}\n{secret}', b'', sha256)).
  assert.equal(feishuSignature('demo', '1599360473'), 'l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=');
  const { timestamp, sign, msg_type, card } = JSON.parse(post('feishu', {}, 'demo').body);
  assert.deepEqual([timestamp, msg_type], ['1767225600', 'interactive']);
  assert.equal(sign, feishuSignature('demo', '1767225600'));
  assert.equal(card.header.template, 'orange');
  assert.equal('sign' in JSON.parse(post('feishu').body), false);
});

/** Every object of a document that has a text of this name, with its kind. */
function texts(value: unknown, name: string, found: Record<string, unknown>[] = []): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return found;
  if (typeof (value as Record<string, unknown>)[name] === 'string') found.push(value as Record<string, unknown>);
  for (const inner of Object.values(value)) texts(inner, name, found);
  return found;
}

test('Slack: texts of others stand in plain text only, and the one that is markup is escaped', () => {
  const { text, blocks } = JSON.parse(post('slack', hostileMessage).body);
  const all = texts(blocks, 'text');
  assert.ok(all.length >= 4);
  for (const object of all) assert.deepEqual([object.type, object.emoji], ['plain_text', false]);
  assert.doesNotMatch(text, /[<>]/);
  assert.match(text, /&lt;!channel&gt;/);
  assert.doesNotMatch(JSON.stringify([text, all]), /:\/\/evil|\u202E|\u200B/);
});

test('Feishu: texts of others stand in plain text only', () => {
  const { card } = JSON.parse(post('feishu', hostileMessage).body);
  const all = texts(card, 'content');
  assert.ok(all.length >= 4);
  for (const object of all) assert.equal(object.tag, 'plain_text');
  assert.doesNotMatch(JSON.stringify(all), /:\/\/evil/);
});

test('DingTalk and WeCom: nothing of others is markup, a mention or a link', () => {
  for (const kind of ['dingtalk', 'wecom'] as const) {
    const { markdown } = JSON.parse(post(kind, hostileMessage).body);
    const own = (markdown.text ?? markdown.content).replace(
      '[Open Drydock](https://drydock.example/vulns/CVE-2026-1)',
      '',
    );
    const lines: string[] = own.split('\n').filter((line: string) => line !== '');
    assert.equal(lines.length, 5, own);
    for (const line of lines) {
      const content = line.replace(/^(### |> |- )/, '');
      assert.doesNotMatch(content, /[[\]<>*`#@]|:\/\/|\bwww\./, line);
    }
  }
});

test('limits of each service are kept, and what is left out is counted', () => {
  const many: Partial<Message> = {
    more: 5,
    items: Array.from({ length: 400 }, (_, n) => ({
      id: null,
      text: `${n} ${'漏洞"'.repeat(60)}`,
      severity: 'high' as const,
    })),
    facts: Array.from({ length: 30 }, (_, n) => [`f${n}`, '"长"'.repeat(500)] as const),
    title: '标"题'.repeat(500),
  };
  const bytes = { slack: 40_000, dingtalk: 20_000, feishu: 20 * 1024, wecom: 20_000 } as const;
  for (const [kind, most] of Object.entries(bytes)) {
    const { body } = post(kind as 'slack', many);
    assert.ok(Buffer.byteLength(body) <= most, `${kind}: ${Buffer.byteLength(body)}`);
    const shown = [...body.matchAll(/(?:^|[^\d])(\d{1,3}) 漏洞/g)].length;
    assert.ok(shown > 0, kind);
    assert.match(body, new RegExp(`… and ${405 - shown} more`), kind);
  }
  const wecom = JSON.parse(post('wecom', many).body).markdown.content;
  assert.ok(Buffer.byteLength(wecom) <= 4096);
  const { blocks } = JSON.parse(post('slack', many).body);
  assert.ok(blocks.length <= 50);
  for (const { type, text } of blocks) {
    if (type === 'header') assert.ok(text.text.length <= 150);
    if (type === 'section') assert.ok(text.text.length <= 3000);
  }
});

test('mail: plain text, no header can be added, the same id in every repetition', () => {
  const mail = composeMail(
    { ...message, ...hostileMessage, title: 'a\r\nBcc: x@y' },
    'Drydock <d@mail.example>',
    wording,
  );
  assert.equal(mail.subject, '[Drydock] a Bcc: x@y');
  assert.equal(mail.headers['Message-ID'], '<evt-7-abc@mail.example>');
  assert.deepEqual(
    Object.values(mail.headers).filter((value) => /[\r\n]/.test(value)),
    [],
  );
  assert.match(mail.text, /https:\/\/drydock\.example\/vulns\/CVE-2026-1/);
});

test('answers with status 200 that are refusals', () => {
  const answer = (kind: 'dingtalk', body: string) => httpKind(kind).refusal({ status: 200, headers: {}, body });
  assert.equal(answer('dingtalk', '{"errcode":0,"errmsg":"ok"}'), null);
  assert.equal(answer('dingtalk', '{"errcode":310000,"errmsg":"sign not match"}'), 'errcode 310000: sign not match');
  assert.equal(
    answer('wecom' as 'dingtalk', '{"errcode":93000,"errmsg":"invalid webhook url"}'),
    'errcode 93000: invalid webhook url',
  );
  assert.equal(answer('feishu' as 'dingtalk', '{"code":0,"msg":"success","StatusCode":0}'), null);
  assert.equal(answer('feishu' as 'dingtalk', '{"StatusCode":0,"StatusMessage":"success"}'), null);
  assert.equal(answer('feishu' as 'dingtalk', '{"code":19021,"msg":"sign match fail"}'), 'code 19021: sign match fail');
  assert.equal(answer('feishu' as 'dingtalk', '<html>'), 'the answer is no JSON object');
  assert.equal(answer('slack' as 'dingtalk', 'ok'), null);
});
