import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { acs3StringToSign, canonicalRequest, signAcs3 } from '../../src/api/alibaba/protocol/acs3.ts';
import { decodeParameters } from '../../src/api/alibaba/protocol/parameters.ts';
import {
  type AlibabaWorld,
  alibabaWorld,
  bankKey,
  ownerKey,
  parametersOf,
  secret,
  signed,
  vectorTime,
} from '../support/alibaba-world.ts';
import { accessKey, principal } from '../support/fake-access.ts';

const host = 'drydock.example:8080';
const form = 'application/x-www-form-urlencoded';

async function code(world: AlibabaWorld, query: string): Promise<string | undefined> {
  const answer = await world.server.app.inject({ url: `/?${query}`, headers: { host } });
  return answer.json().Code;
}

test('signatures of 1.0: parameters in another order, twice, blanks as plus, changed, added', async (t) => {
  const world = await alibabaWorld(t);
  const value = { Action: 'DescribeImageVulList', Type: 'cve', AliasName: 'a b&c=d' };
  const pairs = (): string[] => signed(parametersOf(value)).split('&');
  assert.equal(await code(world, pairs().toReversed().join('&')), undefined, 'order does not matter');
  assert.equal(await code(world, pairs().join('&').replaceAll('%20', '+')), undefined, 'plus is a blank');
  assert.equal(await code(world, pairs().join('&').replaceAll('%20', '%2B')), 'SignatureDoesNotMatch');
  assert.equal(await code(world, [...pairs(), 'Type=cve'].join('&')), 'InvalidParameter');
  assert.equal(await code(world, [...pairs(), 'Type=sca'].join('&')), 'InvalidParameter');
  assert.equal(await code(world, [...pairs(), 'PageSize=1000'].join('&')), 'SignatureDoesNotMatch');
  assert.equal(await code(world, pairs().join('&').replace('Type=cve', 'Type=sca')), 'SignatureDoesNotMatch');
  assert.equal(await code(world, pairs().join('&').replace('%3D', '%3d')), undefined, 'hex of either case');
});

test('signatures: a GET that is sent as POST, a body besides the signed query, secrets with separators', async (t) => {
  const world = await alibabaWorld(t);
  const inject = (method: 'GET' | 'POST', url: string, payload?: string) =>
    world.server.app.inject({
      method,
      url,
      headers: { host, 'content-type': form },
      ...(payload === undefined ? {} : { payload }),
    });
  const query = `/?${signed(parametersOf())}`;
  assert.equal((await inject('POST', query)).json().Code, 'SignatureDoesNotMatch');
  const post = `/?${signed(parametersOf(), 'POST')}`;
  assert.equal((await inject('POST', post, 'PageSize=1')).json().Code, 'SignatureDoesNotMatch');
  assert.equal((await inject('POST', post, '')).statusCode, 200);
  for (const odd of ['a&b=c', '&', 'a\nb', '中', ' ']) {
    world.access.keys.set(
      'odd',
      accessKey('odd', odd, principal('owner', world.access.keys.get(ownerKey)?.principal.grants ?? [])),
    );
    const wrong = await world.server.app.inject({
      url: `/?${signed(parametersOf({ AccessKeyId: 'odd' }))}`,
      headers: { host },
    });
    assert.equal(wrong.json().Code, 'SignatureDoesNotMatch', JSON.stringify(odd));
  }
});

test('the current scheme: body and hash differ, both schemes at once', async (t) => {
  const world = await alibabaWorld(t);
  let nonces = 0;
  const send = async (payload: string, hashed: string, query = ''): Promise<string | undefined> => {
    const headers: Record<string, string> = {
      host,
      'content-type': form,
      'x-acs-action': 'PageImageRegistry',
      'x-acs-version': '2018-12-03',
      'x-acs-date': new Date(vectorTime).toISOString().replace('.000', ''),
      'x-acs-signature-nonce': `acs3 ${++nonces}`,
      'x-acs-content-sha256': createHash('sha256').update(hashed).digest('hex'),
    };
    const list = Object.keys(headers).sort();
    const canonical = canonicalRequest(
      {
        method: 'POST',
        query: decodeParameters(query, Buffer.alloc(0), undefined).query,
        headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])),
        body: Buffer.from(hashed),
      },
      list,
    );
    const signature = signAcs3(secret, acs3StringToSign(canonical));
    const authorization = `ACS3-HMAC-SHA256 Credential=${ownerKey},SignedHeaders=${list.join(';')},Signature=${signature}`;
    const all = { ...headers, authorization };
    const answer = await world.server.app.inject({ method: 'POST', url: `/?${query}`, headers: all, payload });
    return answer.json().Code;
  };
  assert.equal(await send('PageSize=1', 'PageSize=1'), undefined);
  assert.equal(await send('PageSize=2', 'PageSize=1'), 'SignatureDoesNotMatch');
  assert.equal(await send('', 'PageSize=1'), 'SignatureDoesNotMatch');
  // The header is what counts when it is there: parameters of the old scheme beside it are plain parameters.
  assert.equal(await send('', '', `AccessKeyId=${bankKey}&Signature=x`), undefined);
});

test('a nonce is good once for all nodes, and time has two ends', async (t) => {
  const one = await alibabaWorld(t);
  const two = await alibabaWorld(t);
  two.access.useNonce = one.access.useNonce;
  const query = signed(parametersOf());
  assert.equal(await code(one, query), undefined);
  assert.equal(await code(two, query), 'SignatureNonceUsed');
  const minutes = (count: number) => ({
    Timestamp: new Date(vectorTime + count * 60_000).toISOString().replace('.000', ''),
  });
  assert.equal(await code(one, signed(parametersOf(minutes(15)))), undefined);
  assert.equal(await code(one, signed(parametersOf(minutes(-15)))), undefined);
  assert.equal(await code(one, signed(parametersOf(minutes(16)))), 'InvalidTimeStamp.Expired');
  assert.equal(await code(one, signed(parametersOf(minutes(-16)))), 'InvalidTimeStamp.Expired');
});

test('of a hundred equal requests at once one is let in', async (t) => {
  const world = await alibabaWorld(t);
  const query = signed(parametersOf());
  const codes = await Promise.all(Array.from({ length: 100 }, () => code(world, query)));
  assert.equal(codes.filter((text) => text === undefined).length, 1);
  assert.equal(codes.filter((text) => text === 'SignatureNonceUsed').length, 99);
});
