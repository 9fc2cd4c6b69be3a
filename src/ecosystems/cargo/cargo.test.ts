import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { auditSection } from '../../../test/support/binary-files.ts';
import { parseAuditData } from './audit-data.ts';
import { parseCargoLock } from './lockfile.ts';

describe('lists of crates', () => {
  it('tell crates of registries, of building only, and of elsewhere', () => {
    const data = parseAuditData(
      auditSection({
        packages: [
          { name: 'app', version: '0.1.0', source: 'local', root: true },
          { name: 'a', version: '1.0.0', source: 'crates.io', dependencies: [1] },
          { name: 'b', version: '1.0.0', source: 'crates.io', kind: 'build' },
          { name: 'c', version: '1.0.0', source: 'git' },
          { name: '../d', version: '1.0.0', source: 'crates.io' },
          { name: 'e', version: 7, source: 'crates.io' },
          null,
        ],
      }),
    );
    assert.deepEqual(data, {
      crates: [
        { name: 'a', version: '1.0.0' },
        { name: 'b', version: '1.0.0', build: true },
        { name: 'c', version: '1.0.0', foreign: true },
      ],
      malformed: 3,
    });
  });

  it('are nothing when damaged, endless or of another kind', () => {
    const bad = [
      Buffer.alloc(0),
      Buffer.from('plain'),
      auditSection([]),
      auditSection({ packages: {} }),
      auditSection({ packages: [] }).subarray(0, 6),
      auditSection('x'.repeat(9 * 1024 * 1024)),
    ];
    for (const section of bad) assert.equal(parseAuditData(section), undefined);
  });
});

describe('Cargo.lock', () => {
  it('names crates of crates.io and of elsewhere', () => {
    const text = `version = 4

[[package]]
name = "app"
version = "0.1.0"
dependencies = [
 "a",
]

[[package]]
name = "a"
version = "1.0.0+x"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "00"

[[package]]
name = "b"
version = "2.0.0"
source = "git+https://example.com/b#0123"

[[package]]
name = "no version"

[metadata]
name = "x"
`;
    assert.deepEqual(parseCargoLock(text), {
      crates: [
        { name: 'app', version: '0.1.0', foreign: true },
        { name: 'a', version: '1.0.0+x' },
        { name: 'b', version: '2.0.0', foreign: true },
      ],
      malformed: 1,
    });
  });
});
