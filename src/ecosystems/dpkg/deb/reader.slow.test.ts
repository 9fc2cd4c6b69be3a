import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { rawEnd, rawEntry } from '../../../../test/support/raw-tar.ts';
import { decompress } from './decompress.ts';
import { debLimits } from './limits.ts';
import { createDebReader } from './reader.ts';

/** 40 000 lines of `drydock`, packed with liblzma. */
const xzSample = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj5OH/AHxdADIci5GVTDESMv0XxXCO4fT1td+zBpSgQxC7c7MPXk7KnaUCTp1uTmpKaHCUdmqdnL9CuZulP6SJ+AGRdtzHBHKiXq8Ab1D2hT3TYplZ2qQQGmVtITf6AOYzSQxpZIWe/TAUb7x5IbWoM49ihH1aUWKSdElcxG2wyN/WAAAAMTytO9ZTHlAAAZgBgMQTAHagEBWxxGf7AgAAAAAEWVo=',
  'base64',
);
const signal = new AbortController().signal;
const control = rawEntry({ name: './control', mode: 0o644 }, 'Package: toy\n');
const script = rawEntry({ name: './postinst', mode: 0o755 }, '#!/bin/sh\n');
const payload = Buffer.concat([
  rawEntry({ name: './', flag: '5', mode: 0o755 }),
  rawEntry({ name: './usr/', flag: '5', mode: 0o755 }),
  rawEntry({ name: './usr/tool', mode: 0o4755 }, 'x'.repeat(3000)),
  rawEntry({ name: './usr/link', flag: '2', link: 'tool' }),
  rawEntry({ name: './usr/empty' }),
  rawEntry({ name: './usr/last' }, 'end'),
  rawEnd,
]);

function member(name: string, content: Buffer | string): Buffer {
  const bytes = Buffer.from(content as Buffer);
  const header = `${name.padEnd(16)}0           0     0     100644  ${String(bytes.length).padEnd(10)}\`\n`;
  return Buffer.concat([Buffer.from(header, 'latin1'), bytes, Buffer.alloc(bytes.length % 2, '\n')]);
}

function deb(...members: Buffer[]): Buffer {
  return Buffer.concat([Buffer.from('!<arch>\n'), ...members]);
}

const version = member('debian-binary', '2.0\n');
const controlMember = member('control.tar.gz', gzipSync(Buffer.concat([control, script, rawEnd])));
const toy = deb(version, controlMember, member('data.tar.zst', zstdCompressSync(payload)));

function opener(bytes: Buffer, chunk = 1000): () => Promise<Readable> {
  return async () => {
    const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, i) =>
      bytes.subarray(i * chunk, (i + 1) * chunk),
    );
    return Readable.from(chunks);
  };
}

async function contents(bytes: Buffer, chunk?: number): Promise<string[]> {
  const found: string[] = [];
  for await (const { entry, content } of createDebReader().readData(opener(bytes, chunk), signal)) {
    let size = 0;
    for await (const piece of content) size += piece.length;
    found.push(`${entry.type} ${entry.path} ${size}`);
  }
  return found;
}

const expected = ['directory usr 0', 'file usr/tool 3000', 'symlink usr/link 0', 'file usr/empty 0', 'file usr/last 3'];

describe('package files', () => {
  test('control files come whole, with their modes', async () => {
    const { files } = await createDebReader().readControl(opener(toy), signal);
    assert.deepEqual([...files.keys()], ['control', 'postinst']);
    assert.equal(Buffer.from(files.get('control')?.bytes ?? []).toString(), 'Package: toy\n');
    assert.equal(files.get('postinst')?.mode, 0o755);
  });

  for (const chunk of [1, 7, 512, 100_000]) {
    test(`payload in archive order from chunks of ${chunk} bytes`, async () => {
      assert.deepEqual(
        (await contents(toy, chunk)).filter((line) => line !== 'directory  0'),
        expected,
      );
    });
  }

  for (const [suffix, pack] of [
    ['', (bytes: Buffer) => bytes],
    ['.gz', (bytes: Buffer) => gzipSync(bytes)],
    ['.zst', (bytes: Buffer) => zstdCompressSync(bytes)],
  ] as const) {
    test(`data.tar${suffix}`, async () => {
      const bytes = deb(version, controlMember, member(`data.tar${suffix}`, pack(payload)));
      assert.equal((await contents(bytes)).length, 6);
    });
  }

  test('content that is not read, or only begun, is passed over', async () => {
    const seen: string[] = [];
    for await (const { entry, content } of createDebReader().readData(opener(toy, 64), signal)) {
      seen.push(entry.path);
      if (entry.path !== 'usr/tool') continue;
      for await (const piece of content) {
        assert.ok(piece.length > 0);
        break;
      }
    }
    assert.equal(seen.at(-1), 'usr/last');
  });

  test('ending early closes the source', async () => {
    const source = await opener(toy, 64)();
    for await (const { entry } of createDebReader().readData(async () => source, signal)) {
      if (entry.path === 'usr/tool') break;
    }
    assert.equal(source.destroyed, true);
  });

  test('members that begin with an underscore are ignored', async () => {
    const bytes = deb(version, member('_gpgorigin', 'abc'), controlMember, member('data.tar', payload));
    assert.equal((await contents(bytes)).length, 6);
  });

  test('cancelling ends the reading', async () => {
    const abort = new AbortController();
    const reading = async (): Promise<void> => {
      for await (const _ of createDebReader().readData(opener(toy, 64), abort.signal)) abort.abort(new Error('enough'));
    };
    await assert.rejects(reading(), { message: 'enough' });
  });

  const withPayload = (...entries: Buffer[]): Buffer =>
    deb(version, controlMember, member('data.tar', Buffer.concat([...entries, rawEnd])));
  const broken: Record<string, [Buffer, string]> = {
    'not an archive': [Buffer.from('PK\u0003\u0004 something else'), 'invalid_package'],
    'an empty file': [Buffer.alloc(0), 'invalid_package'],
    'format 3': [deb(member('debian-binary', '3.0\n'), controlMember), 'invalid_package'],
    'no payload': [deb(version, controlMember), 'invalid_package'],
    'payload before control': [deb(version, member('data.tar', payload), controlMember), 'invalid_package'],
    'cut off in the payload': [toy.subarray(0, toy.length - 20), 'invalid_package'],
    'a negative member size': [deb(version, Buffer.from(`x${' '.repeat(47)}-5        \`\n`)), 'invalid_package'],
    'lzma, which is obsolete': [deb(version, controlMember, member('data.tar.lzma', 'x')), 'unsupported_compression'],
    'damaged gzip': [deb(version, controlMember, member('data.tar.gz', 'no gzip at all')), 'invalid_package'],
    'a path out of the root': [withPayload(rawEntry({ name: './../etc/shadow' }, 'x')), 'unsafe_path'],
    'a name with a line break': [withPayload(rawEntry({ name: './a\nb' }, 'x')), 'unsafe_path'],
    'a damaged tar header': [withPayload(rawEntry({ name: 'a', checksumError: 1 })), 'invalid_package'],
  };
  for (const [name, [bytes, code]] of Object.entries(broken)) {
    test(`refused: ${name}`, async () => {
      await assert.rejects(contents(bytes), { code });
    });
  }

  test('refused: a control script larger than its cap', async () => {
    const big = rawEntry({ name: 'postinst' }, Buffer.alloc(2000));
    const bytes = deb(version, member('control.tar', Buffer.concat([control, big, rawEnd])));
    const reader = createDebReader({ ...debLimits, controlFile: 1000 });
    await assert.rejects(reader.readControl(opener(bytes), signal), { code: 'too_large' });
  });

  test('refused: a payload larger than its cap', async () => {
    const reader = createDebReader({ ...debLimits, payload: 2000 });
    const reading = async (): Promise<void> => {
      for await (const _ of reader.readData(opener(toy), signal));
    };
    await assert.rejects(reading(), { code: 'too_large' });
  });
});

describe('xz', () => {
  const limits = { bytes: 1_000_000, ratio: 1e9, ratioAfter: 0 };
  const sizeOf = async (bytes: Buffer, own = limits): Promise<number> => {
    let size = 0;
    for await (const chunk of decompress('xz', [bytes], own)) size += chunk.length;
    return size;
  };

  test('unpacks', async () => {
    assert.equal(await sizeOf(xzSample), 320_000);
  });

  test('any number at once, some waiting for others', async () => {
    const sizes = await Promise.all(Array.from({ length: 6 }, () => sizeOf(xzSample)));
    assert.deepEqual(
      sizes,
      Array.from({ length: 6 }, () => 320_000),
    );
  });

  test('a reader that stops early leaves nothing running and nothing behind for the next one', async () => {
    for await (const chunk of decompress('xz', [xzSample], limits)) {
      assert.ok(chunk.length > 0);
      break;
    }
    assert.equal(await sizeOf(xzSample), 320_000);
  });

  test('cut off and damaged data end, and the next one still works', async () => {
    await assert.rejects(sizeOf(xzSample.subarray(0, xzSample.length - 30)), { code: 'invalid_package' });
    await assert.rejects(sizeOf(Buffer.alloc(0)), { code: 'invalid_package' });
    const damaged = Buffer.from(xzSample);
    damaged[60] = (damaged[60] ?? 0) ^ 0xff;
    await assert.rejects(sizeOf(damaged), { code: 'invalid_package' });
    assert.equal(await sizeOf(xzSample), 320_000);
  });

  test('a bomb is stopped by its ratio and by its size, and the next one still works', async () => {
    await assert.rejects(sizeOf(xzSample, { ...limits, ratio: 200, ratioAfter: 100_000 }), { code: 'too_large' });
    await assert.rejects(sizeOf(xzSample, { ...limits, bytes: 100_000 }), { code: 'too_large' });
    assert.equal(await sizeOf(xzSample), 320_000);
  });

  test('an error of the source is passed on as it is', async () => {
    const source = async function* () {
      yield xzSample.subarray(0, 40);
      throw new Error('connection lost');
    };
    const reading = async (): Promise<void> => {
      for await (const _ of decompress('xz', source(), limits));
    };
    await assert.rejects(reading(), { message: 'connection lost' });
  });
});
