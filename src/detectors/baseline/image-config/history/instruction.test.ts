import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInstruction } from './instruction.ts';

/** What builders write into `created_by`, with the keyword and the text of the instruction in it. */
const written: readonly (readonly [createdBy: string, keyword: string | undefined, text?: string])[] = [
  // Classic builder, Buildah.
  ['/bin/sh -c #(nop)  CMD ["nginx" "-g"]', 'CMD', '["nginx" "-g"]'],
  ['/bin/sh -c #(nop) ADD file:ab12 in / ', 'ADD', 'file:ab12 in /'],
  ['/bin/bash -o pipefail -c #(nop) ENV A=b', 'ENV', 'A=b'],
  ['/bin/sh -c apt-get update     && apt-get install -y x', 'RUN', 'apt-get update     && apt-get install -y x'],
  ['/bin/bash -o pipefail -c make', 'RUN', 'make'],
  ['|2 A=hello world B=c /bin/sh -c echo $A', 'RUN', 'echo $A'],
  // BuildKit.
  ['RUN /bin/sh -c apt-get update # buildkit', 'RUN', 'apt-get update'],
  ['RUN |1 V=1.2 /bin/sh -c echo # buildkit', 'RUN', 'echo'],
  ['RUN /bin/bash -euxo pipefail -c a\nb\n # buildkit', 'RUN', 'a\nb'],
  ['COPY --chown=app app /app # buildkit', 'COPY', 'app /app'],
  ['CMD ["bash"]', 'CMD', '["bash"]'],
  ['SHELL [/bin/bash -o pipefail -c]', 'SHELL', '[/bin/bash -o pipefail -c]'],
  // Kaniko: as in the Dockerfile.
  ['RUN --mount=type=cache,target=/x apk add y', 'RUN', 'apk add y'],
  ['ADD --checksum=sha256:00 https://example.com/a /a', 'ADD', 'https://example.com/a /a'],
  // Others.
  ['# debian.sh --arch amd64 out/ bookworm @1', undefined],
  ['bazel build ...', undefined],
  ['jib-maven-plugin:3.4.0', undefined],
  ['ko build ko://example.com/app', undefined],
  ['Runs fine', undefined],
  ['', undefined],
];

test('instructions are taken out of what builders write around them', () => {
  for (const [createdBy, keyword, text] of written) {
    const parsed = parseInstruction(createdBy);
    assert.equal(parsed?.keyword, keyword, createdBy);
    assert.equal(parsed?.text, text, createdBy);
  }
});

test('flags and build arguments are kept apart', () => {
  assert.deepEqual(parseInstruction('COPY --chown=app --chmod=777 a /b # buildkit')?.flags, [
    '--chown=app',
    '--chmod=777',
  ]);
  assert.equal(parseInstruction('|2 A=hello world B=c /bin/sh -c echo')?.buildArguments, 'A=hello world B=c');
});

test('scripts of other shells are told apart: nobody here can read them', () => {
  for (const createdBy of ['cmd /S /C echo a', 'powershell -Command Get-Item', 'RUN cmd /S /C dir # buildkit']) {
    const parsed = parseInstruction(createdBy);
    assert.deepEqual([parsed?.keyword, parsed?.posix], ['RUN', false], createdBy);
  }
});
