import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { preAuthEncoding, signStatement, verifyEnvelope } from './dsse.ts';
import { AttestError } from './errors.ts';

const pairs: Readonly<Record<string, { publicKey: KeyObject; privateKey: KeyObject }>> = {
  Ed25519: generateKeyPairSync('ed25519'),
  'P-256': generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
  'P-384': generateKeyPairSync('ec', { namedCurve: 'secp384r1' }),
};
const statement = Buffer.from('{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"naïve"}]}');

const refuses = (envelope: Uint8Array | string, key: KeyObject, code: string): void =>
  assert.throws(
    () => verifyEnvelope(Buffer.from(envelope), key),
    (error) => error instanceof AttestError && error.code === code,
  );

test('what is signed is encoded as the DSSE specification shows', () => {
  // Example of protocol.md in secure-systems-lab/dsse.
  assert.equal(
    preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world')).toString(),
    'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
  );
  // Lengths count bytes, not characters.
  assert.equal(preAuthEncoding('t', Buffer.from('é')).toString(), 'DSSEv1 1 t 2 é');
});

for (const [name, { publicKey, privateKey }] of Object.entries(pairs)) {
  test(`${name}: a signed statement comes back whole with the right key only`, () => {
    const envelope = signStatement(statement, privateKey);
    assert.deepEqual(verifyEnvelope(envelope, publicKey), statement);
    refuses(envelope, generateKeyPairSync('ed25519').publicKey, 'signature_invalid');
  });

  test(`${name}: a changed payload or signature does not verify`, () => {
    const envelope = JSON.parse(Buffer.from(signStatement(statement, privateKey)).toString());
    const other = Buffer.from('{"_type":"other"}').toString('base64');
    refuses(JSON.stringify({ ...envelope, payload: other }), publicKey, 'signature_invalid');
    const [signature] = envelope.signatures;
    const broken = Buffer.from(signature.sig, 'base64');
    broken[20] = (broken[20] ?? 0) ^ 1;
    const signatures = [{ ...signature, sig: broken.toString('base64') }];
    refuses(JSON.stringify({ ...envelope, signatures }), publicKey, 'signature_invalid');
  });
}

test('a second signature by an unknown key does no harm, an unknown key id neither', () => {
  const { publicKey, privateKey } = pairs.Ed25519 as (typeof pairs)[string];
  const envelope = JSON.parse(Buffer.from(signStatement(statement, privateKey)).toString());
  const signatures = [{ keyid: 'x', sig: 'AAAA' }, { sig: envelope.signatures[0].sig }];
  assert.deepEqual(verifyEnvelope(Buffer.from(JSON.stringify({ ...envelope, signatures })), publicKey), statement);
});

test('hostile envelopes are refused by type', () => {
  const { publicKey } = pairs.Ed25519 as (typeof pairs)[string];
  const payloadType = 'application/vnd.in-toto+json';
  const signatures = [{ sig: 'AAAA' }];
  const rows: readonly (readonly [name: string, envelope: string, code: string])[] = [
    ['empty', '', 'envelope_invalid'],
    ['not an object', '[]', 'envelope_invalid'],
    ['deep', `${'['.repeat(1000)}${']'.repeat(1000)}`, 'envelope_invalid'],
    ['other payload type', JSON.stringify({ payloadType: 'text/plain', payload: '', signatures }), 'envelope_invalid'],
    ['no signatures', JSON.stringify({ payloadType, payload: '', signatures: [] }), 'envelope_invalid'],
    [
      'many signatures',
      JSON.stringify({ payloadType, payload: '', signatures: Array(17).fill({ sig: '' }) }),
      'envelope_invalid',
    ],
    ['payload not base64', JSON.stringify({ payloadType, payload: '<x>', signatures }), 'envelope_invalid'],
    ['signature not text', JSON.stringify({ payloadType, payload: '', signatures: [{ sig: 1 }] }), 'envelope_invalid'],
    ['signature null', JSON.stringify({ payloadType, payload: '', signatures: [null] }), 'envelope_invalid'],
    ['garbage signature', JSON.stringify({ payloadType, payload: 'e30=', signatures }), 'signature_invalid'],
  ];
  for (const [, envelope, code] of rows) refuses(envelope, publicKey, code);
});

test('keys of other kinds are refused with a hint', () => {
  const { privateKey } = generateKeyPairSync('x25519');
  assert.throws(
    () => signStatement(statement, privateKey),
    (error) => error instanceof AttestError && error.code === 'key_unsupported' && error.hint !== undefined,
  );
});
