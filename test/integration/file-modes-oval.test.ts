import assert from 'node:assert/strict';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../support/debian-image.ts';
import { detectImage, detectorOptions } from '../support/detection.ts';
import { mustRun } from '../support/run.ts';
import { needs } from '../support/system.ts';
import { tarImage } from '../support/tar-image.ts';

/** Files and what OVAL is asked of each: bits that must be off, and who must own it. */
const files = [
  { path: 'etc/passwd', off: ['gwrite', 'owrite', 'uexec', 'gexec', 'oexec'] },
  { path: 'etc/group', off: ['gwrite', 'owrite', 'uexec', 'gexec', 'oexec'] },
  { path: 'etc/shadow', off: ['gwrite', 'oread', 'owrite', 'uexec', 'gexec', 'oexec'] },
  { path: 'etc/gshadow', off: ['gwrite', 'oread', 'owrite', 'uexec', 'gexec', 'oexec'] },
] as const;

/** A definition for each file, of our own making. */
function oval(): string {
  const linux = 'http://oval.mitre.org/XMLSchema/oval-definitions-5';
  const unix = `${linux}#unix`;
  const each = (make: (file: (typeof files)[number], id: number) => string): string =>
    files.map((file, index) => make(file, index + 1)).join('');
  const bits = (off: readonly string[]): string =>
    // The schema has the bits in this order.
    ['uexec', 'gread', 'gwrite', 'gexec', 'oread', 'owrite', 'oexec']
      .filter((bit) => off.includes(bit))
      .map((bit) => `<${bit} datatype="boolean">false</${bit}>`)
      .join('');
  return `<?xml version="1.0"?>
<oval_definitions xmlns="${linux}" xmlns:oval="http://oval.mitre.org/XMLSchema/oval-common-5">
<generator><oval:schema_version>5.11</oval:schema_version><oval:timestamp>2026-01-01T00:00:00</oval:timestamp></generator>
<definitions>${each(
    ({ path }, id) =>
      `<definition class="compliance" id="oval:test:def:${id}" version="1"><metadata><title>${path}</title><description>d</description></metadata><criteria><criterion test_ref="oval:test:tst:${id}"/></criteria></definition>`,
  )}</definitions>
<tests>${each(
    (_, id) =>
      `<file_test xmlns="${unix}" check="all" check_existence="all_exist" comment="t" id="oval:test:tst:${id}" version="1"><object object_ref="oval:test:obj:${id}"/><state state_ref="oval:test:ste:${id}"/></file_test>`,
  )}</tests>
<objects>${each(
    ({ path }, id) =>
      `<file_object xmlns="${unix}" id="oval:test:obj:${id}" version="1"><filepath>/${path}</filepath></file_object>`,
  )}</objects>
<states>${each(
    ({ off }, id) =>
      `<file_state xmlns="${unix}" id="oval:test:ste:${id}" version="1"><user_id datatype="int">0</user_id>${bits(off)}</file_state>`,
  )}</states>
</oval_definitions>
`;
}

test('OpenSCAP says the same of modes and owners of account files, on injected faults', async (t) => {
  const sys = needs(t, 'oscap', 'tar');
  if (!sys) return;
  if (process.getuid?.() !== 0) return t.skip('needs root, for the owners of files');
  await using scratch = await temporaryDirectory();
  const root = join(scratch.path, 'root');
  await mkdir(join(root, 'etc'), { recursive: true });
  const definitions = join(scratch.path, 'oval.xml');
  await writeFile(definitions, oval());
  const faults: readonly { path?: string; mode?: number; uid?: number }[] = [
    {},
    { path: 'etc/group', mode: 0o666 },
    { path: 'etc/shadow', mode: 0o644 },
    { path: 'etc/passwd', uid: 1000 },
  ];
  for (const fault of faults) {
    for (const { path } of files) {
      const isFault = fault.path === path;
      await writeFile(join(root, path), path === 'etc/passwd' ? 'root:x:0:0::/root:/bin/sh\n' : '');
      const usual = path.endsWith('shadow') ? 0o640 : 0o644;
      await chmod(join(root, path), (isFault ? fault.mode : undefined) ?? usual);
      await chown(join(root, path), (isFault ? fault.uid : undefined) ?? 0, 0);
    }
    const { stdout } = await mustRun('env', [`OSCAP_PROBE_ROOT=${root}`, sys.oscap, 'oval', 'eval', definitions]);
    const wrong = files.flatMap(({ path }, index) =>
      stdout.includes(`Definition oval:test:def:${index + 1}: false`) ? [path] : [],
    );
    assert.ok(stdout.includes('oval:test:def:4: '), stdout);
    const tar = join(scratch.path, 'root.tar');
    await mustRun(sys.tar, ['--create', '--file', tar, '--directory', root, '--numeric-owner', '.']);
    const { baseline } = await detectImage(
      detectorOptions(['baseline']),
      await tarImage([tar]),
      new Date('2026-06-01'),
    );
    const found = baseline?.failed.find(({ check }) => check === 'FS-004')?.evidence.map(({ path }) => path) ?? [];
    assert.deepEqual(found, wrong, JSON.stringify(fault));
    // So that a fault is one for both: an empty list twice would prove nothing.
    assert.equal(wrong.length, fault.path === undefined ? 0 : 1, JSON.stringify(fault));
  }
});
