import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkOutcome, detect, detectorOptions, type LayerFiles } from '../../../../test/support/detection.ts';

/** A history of instructions that made no layer, above one that made the only one. */
const built = (...instructions: string[]) => ({
  config: {
    history: [
      { created_by: 'COPY / / # buildkit' },
      ...instructions.map((created_by) => ({ created_by, empty_layer: true })),
    ],
  },
});

/** The outcome for an image with one RUN of this script. */
const run = (check: string, script: string, files: LayerFiles = {}): Promise<string> =>
  checkOutcome(check, [files], built(`RUN /bin/sh -c ${script} # buildkit`));

/** Scripts by what the check says of them. */
async function expectRuns(check: string, scripts: Readonly<Record<string, readonly string[]>>): Promise<void> {
  for (const [outcome, list] of Object.entries(scripts)) {
    for (const script of list) assert.equal(await run(check, script), outcome, `${check}: ${script}`);
  }
}

test('without a history that tells how an image was built, nothing is known', async () => {
  const foreign = [[{ created_by: 'bazel build ...' }], [], null];
  for (const history of foreign) {
    for (const check of ['IC-008', 'IC-009', 'IC-011', 'IC-013', 'IC-016', 'IC-019', 'IC-020']) {
      assert.equal(await checkOutcome(check, [{}], { config: { history } }), 'unknown:no_history', check);
    }
    assert.equal(await checkOutcome('IC-024', [{}], { config: { history } }), 'not_applicable');
  }
});

test('a layer that no instruction explains leaves open what was not found, not what was', async () => {
  const history = [{ created_by: 'RUN /bin/sh -c curl -k x # buildkit' }, { created_by: 'jib-maven-plugin:3.4.0' }];
  const outcome = (check: string) => checkOutcome(check, [{ a: 'x' }, { b: 'x' }], { config: { history } });
  assert.equal(await outcome('IC-019'), 'fail:high');
  assert.equal(await outcome('IC-016'), 'unknown:no_history');
});

test('a script that cannot be read whole leaves open what is in it', async () => {
  for (const script of ["echo 'never ends", '$('.repeat(20), 'a;'.repeat(40_000)]) {
    assert.equal(await run('IC-016', script), 'unknown:unreadable_script', script.slice(0, 20));
  }
  assert.equal(await run('IC-016', "curl x | sh; echo 'never ends"), 'fail:high');
  const windows = built('RUN cmd /S /C dir # buildkit');
  assert.equal(await checkOutcome('IC-011', [{}], windows), 'unknown:unreadable_script');
  assert.equal(await checkOutcome('IC-009', [{}], windows), 'pass');
});

test('instructions of the base image are marked as its own', async () => {
  const history = [
    { created_by: '/bin/sh -c #(nop) ADD file:1 in / ' },
    { created_by: '/bin/sh -c curl -k x' },
    { created_by: '/bin/sh -c #(nop) CMD ["sh"]', empty_layer: true },
    { created_by: 'RUN /bin/sh -c wget --no-check-certificate y # buildkit' },
  ];
  const { baseline } = await detect(detectorOptions(['baseline']), [{ a: 'x' }, { b: 'x' }, { c: 'x' }], {
    config: { history },
  });
  const found = baseline?.failed.find(({ check }) => check === 'IC-019');
  assert.deepEqual(
    found?.evidence.map(({ path, excerpt, inBase }) => [path, excerpt, inBase]),
    [
      ['history:1', 'curl -k x', true],
      ['history:3', 'wget --no-check-certificate y', false],
    ],
  );
  assert.equal(found?.inBase, false);
});

test('IC-008: an index that is loaded and not used', async () => {
  await expectRuns('IC-008', {
    'fail:medium': [
      'apt-get update',
      'apt-get -qq update && rm -rf /x',
      'apt-get install -y a; apt-get update',
      'apk update && apt-get install -y a',
      'pacman -Sy',
      'zypper --non-interactive ref',
      'dnf makecache',
      "bash -c 'sudo apt update'",
    ],
    pass: [
      'apt-get update && apt-get install -y a',
      'apt update; apt -y upgrade',
      'apk update && apk add a',
      'yum update -y',
      'pacman -Sy --noconfirm a',
      'pacman -Syu',
      'zypper ref && zypper in -y a',
      'apt-get -o Acquire::Retries=3 update && xargs apt-get install -y < list',
      'echo apt-get update',
    ],
  });
});

test('IC-009: ADD where COPY would do, and downloads', async () => {
  const outcome = (...instructions: string[]) => checkOutcome('IC-009', [{}], built(...instructions));
  assert.equal(await outcome('ADD app.jar /app/ # buildkit'), 'fail:low');
  assert.equal(await outcome('ADD https://example.com/a.tgz /a # buildkit'), 'fail:high');
  assert.equal(await outcome('ADD ["https://example.com/a", "b", "/a/"] # buildkit'), 'fail:high');
  assert.equal(await outcome('ADD git@example.com:a/b.git /a'), 'fail:high');
  assert.equal(await outcome('ADD --checksum=sha256:00 https://example.com/a /a'), 'pass');
  assert.equal(await outcome(`ADD https://example.com/a.git#${'0a'.repeat(20)} /a`), 'pass');
  assert.equal(await outcome('ADD rootfs.tar.xz / # buildkit', 'COPY a /a'), 'pass');
  assert.equal(await outcome('/bin/sh -c #(nop) ADD dir:00 in /app '), 'fail:low');
  assert.equal(await outcome('/bin/sh -c #(nop) COPY file:00 in /app '), 'pass');
});

test('IC-009: the classic builder tells no names: what lies in the layer decides', async () => {
  const outcome = (files: LayerFiles, target: string) =>
    checkOutcome('IC-009', [{ x: 'x' }, files], {
      config: {
        history: [{ created_by: 'COPY x x' }, { created_by: `/bin/sh -c #(nop) ADD file:00 in ${target} ` }],
      },
    });
  assert.equal(await outcome({ 'app/a.jar': 'x' }, '/app/a.jar'), 'fail:low');
  assert.equal(await outcome({ 'app/a.jar': 'x' }, '/app/'), 'fail:low');
  assert.equal(await outcome({ 'app/a': 'x', 'app/b': 'x' }, '/app'), 'pass');
  const root = { config: { history: [{ created_by: '/bin/sh -c #(nop) ADD file:00 in / ' }] } };
  assert.equal(await checkOutcome('IC-009', [{ a: 'x' }], root), 'pass');
});

test('IC-011: sudo in an instruction or in the image', async () => {
  await expectRuns('IC-011', {
    'fail:medium': ['sudo make', 'apt-get install -y sudo', '/usr/bin/sudo -u app x'],
    pass: ['echo sudoers', "echo 'sudo x'"],
  });
  assert.equal(await run('IC-011', 'true', { 'usr/bin/sudo': { mode: 0o4755, content: 'x' } }), 'fail:medium');
});

test('IC-013: upgrades of the whole distribution', async () => {
  await expectRuns('IC-013', {
    'fail:low': ['apt-get update && apt-get -y dist-upgrade', 'apt full-upgrade', 'do-release-upgrade', 'zypper dup'],
    pass: ['apt-get upgrade -y', 'echo dist-upgrade', 'apt-get install dist-upgrade'],
  });
});

test('IC-014: caches with bytes in them', async () => {
  const outcome = (files: LayerFiles) => checkOutcome('IC-014', [files], built());
  const directory = { type: 'directory' } as const;
  for (const path of [
    ...['var/cache/apk/APKINDEX.1.tar.gz', 'var/lib/apt/lists/x_main_Packages', 'var/lib/apt/lists/x_Packages.lz4'],
    ...[
      'var/cache/dnf/a/b.rpm',
      'root/.cache/pip/http/a',
      'home/app/.npm/_cacache/a',
      'usr/local/share/.cache/yarn/v6/a',
    ],
  ]) {
    assert.equal(await outcome({ [path]: 'x' }), 'fail:low', path);
  }
  const empty = { 'var/lib/apt/lists': directory, 'var/lib/apt/lists/lock': '', 'var/lib/apt/lists/x_InRelease': 'x' };
  assert.equal(await outcome({ ...empty, 'var/cache/apk/empty': '', 'srv/.cache/pip/a': 'x' }), 'pass');
  // Removed by a later layer: the file system of the image is what counts.
  const removed = [{ 'var/cache/apk/a': 'x' }, { 'var/cache/apk/.wh.a': '' }];
  assert.equal(await checkOutcome('IC-014', removed), 'pass');
});

test('IC-014: what apk leaves behind has a key of its own, and hints from the history', async () => {
  const { baseline } = await detect(
    detectorOptions(['baseline']),
    [{ 'var/cache/apk/a': 'xyz', 'var/cache/yum/b': 'x' }],
    built('RUN /bin/sh -c apk add curl && apk add --no-cache jq # buildkit'),
  );
  const found = baseline?.failed.find(({ check }) => check === 'IC-014');
  assert.equal(found?.item, 'apk');
  assert.deepEqual(
    found?.evidence.map(({ path, excerpt }) => [path, excerpt]),
    [
      ['var/cache/apk', '1 files, 3 bytes'],
      ['var/cache/yum', '1 files, 1 bytes'],
      ['history:1', 'apk add curl'],
    ],
  );
});

test('IC-016: downloads that are executed unseen', async () => {
  await expectRuns('IC-016', {
    'fail:high': [
      'curl -fsSL https://example.com/i.sh | sh',
      'wget -qO- https://example.com | sudo -E bash -',
      'curl x | tee log | bash -s -- --yes',
      'bash <(curl -s x) --arg',
      'sh -c "$(curl -fsSL x)"',
      'python3 -c "$(curl x)"',
      'eval "$(wget -O- x)"',
      'eval `curl x`',
      'source <(curl x)',
      'echo aGk= | base64 -d | sh',
      'curl x | python3 -',
      '(curl x; echo) | bash -euo pipefail',
      "set -e; sh -c 'curl x | sh'",
      'curl x |\n  env A=b sh',
    ],
    pass: [
      'curl x | tar xz',
      'curl x -o f && sha256sum -c sums && sh f',
      'curl x | python3 -c "import json"',
      'curl x | python3 -m json.tool',
      'curl x | sh ./script.sh',
      'curl x | gpg --dearmor',
      'V=$(curl x) && ./install "$V"',
      'sh -c "echo $(curl x)"',
      'echo "curl x | sh"',
      'base64 f | sh-not',
      'curl x || sh y',
    ],
  });
});

test('IC-019: TLS and signatures switched off', async () => {
  await expectRuns('IC-019', {
    'fail:high': [
      'curl -fsSLk x',
      'curl --insecure x',
      'wget --no-check-certificate x',
      'apt-get install -y --allow-unauthenticated x',
      'apt-get -o APT::Get::AllowUnauthenticated=true install x',
      'echo "deb [trusted=yes] https://example.com/ ./" > /etc/apt/sources.list.d/x.list',
      'cat <<EOF > x.sources\nTrusted: yes\nEOF',
      'yum install -y --nogpgcheck x',
      'apk add --allow-untrusted x',
      'rpm -i --nodigest x',
      'npm config set strict-ssl false',
      'git -c http.sslVerify=false clone x',
      'git config --global http.sslVerify false',
      'NODE_TLS_REJECT_UNAUTHORIZED=0 npm ci',
      'export NODE_TLS_REJECT_UNAUTHORIZED=0',
    ],
    'fail:medium': ['pip3 install --trusted-host x y', 'python -m pip install --trusted-host=x y'],
    pass: [
      'curl -fsSL -o k x',
      'curl -ok x',
      'npm config set strict-ssl true',
      'git config http.sslVerify true',
      'pip install x',
      'NODE_TLS_REJECT_UNAUTHORIZED=1 npm ci',
    ],
  });
  const environment = { settings: { Env: ['NODE_TLS_REJECT_UNAUTHORIZED=0'] } };
  assert.equal(await checkOutcome('IC-019', [{}], { ...built(), ...environment }), 'fail:high');
});

test('IC-020: files that are given away', async () => {
  await expectRuns('IC-020', {
    'fail:medium': [
      'chmod 777 /app',
      'chmod -R 0777 /srv',
      'chmod a+rwx /app',
      'chmod u=rw,go+w f',
      'chmod o=w f',
      'chown -R app:app /usr/local',
      'chown --recursive 1000 /etc/',
    ],
    pass: [
      'chmod 755 /app',
      'chmod 1777 /tmp',
      'chmod a+rwxt /tmp',
      'chmod o-w f',
      'chmod g+w f',
      'chown -R app /app',
      'chown app /usr',
      'chown -R root:app /usr',
      'chown -R 0:0 /usr',
      'chown -R :app /usr',
    ],
  });
  assert.equal(await checkOutcome('IC-020', [{}], built('COPY --chmod=777 a /a # buildkit')), 'fail:medium');
  assert.equal(await checkOutcome('IC-020', [{}], built('COPY --chmod=755 a /a # buildkit')), 'pass');
});
