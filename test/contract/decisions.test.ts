import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { AuditEntry } from '../../src/access/index.ts';
import { type DecidedFinding, decisionsFor, type Filter, vulnerabilityKey } from '../../src/findings/index.ts';
import { hasCode } from '../../src/kernel/index.ts';
import { type Call, createDecisionService, expireDecisions, type NewDecision } from '../../src/service/index.ts';
import { forEachDatabase, type OpenStore } from '../support/databases.ts';
import { factsWorld, type ToySnapshot } from '../support/facts-world.ts';

const decision = (change: Partial<NewDecision> = {}): NewDecision => ({
  ...{ kind: 'ignore', vulnerabilities: ['CVE-2024-1'], findingKind: null, scope: { kind: 'global' } },
  ...{ reason: 'not reachable', expiresAt: null, expiresWhen: 'none', source: 'api', title: null },
  ...change,
});

const call = (projects: Call['projects'], name = 'ann'): Call => ({
  projects,
  actor: { name, userId: 1, accessKeyId: null, address: '192.0.2.1', requestId: 'r1' },
  signal: new AbortController().signal,
});

const image = {
  ...{ uuid: 'a'.repeat(32), projectId: 1, registryId: 7, registryKind: 'harbor', repositoryPath: 'team/app' },
  digests: [`sha256:${'d'.repeat(64)}`, `sha256:${'e'.repeat(64)}`],
};
const finding: DecidedFinding = {
  ...{
    kind: 'cve',
    id: 'CVE-2024-1',
    aliases: ['GHSA-x'],
    key: 'debian:12:CVE-2024-1',
    packageName: 'a',
    purl: 'pkg:deb/debian/a@1?arch=amd64',
  },
  state: 'unfixed',
};

async function world(t: TestContext, open: OpenStore) {
  const { db } = await open(t);
  const own = await factsWorld(db);
  const audited: AuditEntry[] = [];
  const audit = { record: async (entry: AuditEntry) => void audited.push(entry) };
  const asked: { call: Call; filter: Filter }[] = [];
  const impact = async (asking: Call, filter: Filter) => {
    asked.push({ call: asking, filter });
    return { findings: 3, images: 2 };
  };
  const riskImpact = async () => ({ findings: 5, images: 4 });
  const deps = { store: own.store, audit, clock: own.clock, impact, riskImpact };
  const now = (): number => own.clock.now().getTime();
  /** Id of the rule that handles the finding now. */
  const handler = async (change: Partial<DecidedFinding> = {}, where = image): Promise<number | null> =>
    decisionsFor(await own.store.rules(), where, now())({ ...finding, ...change })?.id ?? null;
  return { ...own, deps, audited, asked, now, handler, service: createDecisionService(deps) };
}

const refused = (code: string, field?: string) => (error: unknown) =>
  hasCode(error, code) && (field === undefined || (error as { field?: string }).field === field);

forEachDatabase('decisions', (open) => {
  test('cover what they name, in every scope, until they are revoked', async (t) => {
    const own = await world(t, open);
    const scopes: [NewDecision['scope'], boolean][] = [
      [{ kind: 'global' }, true],
      [{ kind: 'repositories', paths: ['other/app', 'team/app'] }, true],
      [{ kind: 'repositories', paths: ['team/app2', 'team'] }, false],
      [{ kind: 'registries', ids: [7] }, true],
      [{ kind: 'registries', ids: [8] }, false],
      [{ kind: 'registryKinds', kinds: ['harbor'] }, true],
      [{ kind: 'products', digest: null, purls: ['pkg:deb/debian/a'] }, true],
      [{ kind: 'products', digest: null, purls: ['pkg:deb/debian/a@2', 'pkg:deb/debian/b'] }, false],
      [{ kind: 'products', digest: `sha256:${'e'.repeat(64)}`, purls: [] }, true],
      [{ kind: 'products', digest: `sha256:${'f'.repeat(64)}`, purls: ['pkg:deb/debian/a'] }, false],
      [{ kind: 'registryKinds', kinds: ['oci'] }, false],
      [{ kind: 'images', uuids: [image.uuid] }, true],
      [{ kind: 'images', uuids: ['b'.repeat(32)] }, false],
      [{ kind: 'packages', names: ['a'] }, true],
      [{ kind: 'packages', names: ['b'] }, false],
    ];
    for (const [scope, covered] of scopes) {
      const rule = await own.service.add(call('all'), decision({ scope }));
      assert.deepEqual(
        rule.scope,
        scope.kind === 'repositories' ? { ...scope, paths: [...scope.paths].sort() } : scope,
      );
      assert.equal(await own.handler(), covered ? rule.id : null, JSON.stringify(scope));
      assert.equal(await own.service.revoke(call('all'), [rule.id, rule.id, 999]), 1);
      assert.equal(await own.handler(), null);
      assert.equal(await own.service.get(call('all'), rule.id), null);
    }
  });

  test('name vulnerabilities by id, alias or key, and kinds of findings', async (t) => {
    const own = await world(t, open);
    const names: [string, boolean][] = [
      ['cve-2024-1', true],
      ['GHSA-x', true],
      ['debian:12:CVE-2024-1', true],
      ['debian:11:CVE-2024-1', false],
      ['CVE-2024-10', false],
    ];
    for (const [name, covered] of names) {
      const { id } = await own.service.add(call('all'), decision({ vulnerabilities: [name] }));
      assert.equal(await own.handler(), covered ? id : null, name);
      await own.service.revoke(call('all'), [id]);
    }
    const { id } = await own.service.add(call('all'), decision({ findingKind: 'sca' }));
    assert.equal(await own.handler(), null);
    assert.equal(await own.handler({ kind: 'sca' }), id);
    await own.service.add(call('all'), decision({ kind: 'baseline', vulnerabilities: ['CVE-2024-1'] }));
    assert.equal(await own.handler(), null, 'decisions on check items touch no vulnerability');
  });

  test('stay inside of their project, and so does who may see and change them', async (t) => {
    const own = await world(t, open);
    const first = await own.service.add(call([1]), decision());
    assert.equal(first.projectId, 1);
    assert.equal(await own.handler(), first.id);
    assert.equal(await own.handler({}, { ...image, projectId: 2 }), null);
    const all = await own.service.add(call('all'), decision());
    assert.equal(all.projectId, null);
    assert.equal(await own.service.get(call([2]), first.id), null);
    assert.equal((await own.service.get(call([2]), all.id))?.id, all.id);
    assert.equal(await own.service.revoke(call([2]), [first.id, all.id]), 0);
    const change = { reason: 'mine' };
    await assert.rejects(own.service.update(call([2]), first.id, change), refused('not_found'));
    await assert.rejects(own.service.update(call([2]), all.id, change), refused('not_found'));
    const page = await own.service.page(call([2]), { page: { offset: 0, limit: 10 } });
    assert.deepEqual([page.rows.map(({ id }) => id), page.total], [[all.id], 1]);
    assert.deepEqual((await own.service.page(call([]), { page: { offset: 0, limit: 10 } })).rows, []);
    await assert.rejects(own.service.add(call([1, 2]), decision()), refused('invalid_field', 'projectId'));
    await assert.rejects(
      own.service.add(call([1]), decision({ projectId: 2 } as object)),
      refused('not_found', 'projectId'),
    );
    assert.equal((await own.service.add(call([1, 2]), { ...decision(), projectId: 2 })).projectId, 2);
  });

  test('refuse what would mean everything or nothing', async (t) => {
    const { service } = await world(t, open);
    const wrong: [Partial<NewDecision>, string][] = [
      [{ vulnerabilities: [] }, 'vulnerabilities'],
      [{ vulnerabilities: [''] }, 'vulnerabilities'],
      [{ vulnerabilities: ['C\nVE'] }, 'vulnerabilities'],
      [{ scope: { kind: 'images', uuids: [] } }, 'scope.uuids'],
      [{ scope: { kind: 'registries', ids: [0.5] } }, 'scope.ids'],
      [{ scope: { kind: 'everything' } as unknown as NewDecision['scope'] }, 'scope.kind'],
      [{ expiresAt: 1 }, 'expiresAt'],
      [{ reason: 'x'.repeat(5_000) }, 'reason'],
    ];
    for (const [change, field] of wrong) {
      await assert.rejects(service.add(call('all'), decision(change)), refused('invalid_field', field), field);
      await assert.rejects(service.preview(call('all'), decision(change)), refused('invalid_field', field), field);
    }
    assert.equal((await service.page(call('all'), { page: { after: null, limit: 5 } })).total, 0);
  });

  test('end by their date without anybody doing anything, and are put on record', async (t) => {
    const own = await world(t, open);
    const { id } = await own.service.add(call('all'), decision({ expiresAt: own.now() + 4 }));
    assert.equal(await own.handler(), id);
    for (let n = 0; n < 4; n++) own.now();
    assert.equal(await own.handler(), null);
    assert.equal((await own.service.page(call('all'), { page: { offset: 0, limit: 5 } })).total, 0);
    assert.equal(await own.service.revoke(call('all'), [id]), 0);
    assert.equal(await expireDecisions(own.deps), 1);
    assert.equal(await expireDecisions(own.deps), 0);
    const history = await own.service.history(call('all'), { page: { offset: 0, limit: 5 } });
    assert.deepEqual(
      history.rows.map(({ change, by }) => [change, by]),
      [
        ['expired', 'system'],
        ['added', 'ann'],
      ],
    );
    assert.deepEqual(
      own.audited.map(({ action, object }) => [action, object]),
      [
        ['decision.add', `decision:${id}`],
        ['decision.expire', `decision:${id}`],
      ],
    );
  });

  test('until a fix: end when one is published, for the release that they name', async (t) => {
    const own = await world(t, open);
    const entry = (ecosystem: string, fixed: string | null) => ({
      ...{ id: 'CVE-2024-1', aliases: [], ecosystem, name: 'a', fixed, level: 'high' as const, score: null },
      ...{ unimportant: false, title: null },
    });
    const day = (id: string, eleven: string | null, twelve: string | null): ToySnapshot => ({
      ...{ id, advisories: [entry('Debian:11', eleven), entry('Debian:12', twelve)], kev: [], epss: {} },
    });
    own.activate(day('s1', null, null));
    const pkg = {
      type: 'deb',
      name: 'a',
      version: '1',
      arch: null,
      source: null,
      places: [{ path: 'status', layer: 900 }],
    } as const;
    await own.scan({ number: 1, release: '11', packages: [pkg] });
    await own.scan({ number: 2, release: '12', packages: [pkg] });
    const until = decision({ expiresWhen: 'any_fix', vulnerabilities: ['debian:12:CVE-2024-1'] });
    const { id } = await own.service.add(call('all'), until);
    assert.equal(await own.handler(), id);
    assert.equal(await own.handler({ state: 'fixed' }), null, 'what has a fix is not covered at any time');
    own.activate(day('s2', '2', null));
    await own.rematch();
    assert.equal(await expireDecisions(own.deps), 0);
    own.activate(day('s3', '2', '2'));
    await own.rematch();
    assert.equal(await expireDecisions(own.deps), 1);
    const [last] = (await own.service.history(call('all'), { page: { offset: 0, limit: 1 } })).rows;
    assert.deepEqual([last?.change, last?.rule.id], ['expired', id]);
  });

  test('are listed newest first, page by page, by text, kind and source, with their history', async (t) => {
    const own = await world(t, open);
    const ids: number[] = [];
    for (let n = 0; n < 5; n++) {
      const source = n % 2 === 0 ? 'api' : 'alibaba';
      const made = decision({ reason: n === 3 ? 'Hidden 100%_sure' : 'x', source, vulnerabilities: [`CVE-2024-${n}`] });
      ids.push((await own.service.add(call('all'), made)).id);
    }
    const seen: number[] = [];
    for (let after: string | null = null; ; ) {
      const page = await own.service.page(call('all'), { page: { after, limit: 2 } });
      assert.equal(page.total, 5);
      seen.push(...page.rows.map(({ id }) => id));
      after = page.next;
      if (after === null) break;
    }
    assert.deepEqual(seen, ids.toReversed());
    const find = async (query: { text?: string; source?: string; kind?: 'vex' }) =>
      (await own.service.page(call('all'), { ...query, page: { offset: 0, limit: 9 } })).rows.map(({ id }) => id);
    assert.deepEqual(await find({ text: '100%_' }), [ids[3]]);
    assert.deepEqual(await find({ text: 'cve-2024-2' }), [ids[2]]);
    assert.deepEqual(await find({ source: 'alibaba' }), [ids[3], ids[1]]);
    assert.deepEqual(await find({ kind: 'vex' }), []);
    await assert.rejects(
      own.service.page(call('all'), { page: { after: 'x', limit: 1 } }),
      refused('invalid_field', 'after'),
    );
    const changed = await own.service.update(call('all', 'bob'), ids[1] ?? 0, {
      reason: 'better',
      scope: { kind: 'packages', names: ['z'] },
    });
    assert.deepEqual([changed.reason, changed.scope], ['better', { kind: 'packages', names: ['z'] }]);
    const history = await own.service.history(call('all'), {
      vulnerability: 'CVE-2024-1',
      page: { offset: 0, limit: 9 },
    });
    assert.deepEqual(
      history.rows.map(({ change, by, rule }) => [change, by, rule.reason]),
      [
        ['updated', 'bob', 'better'],
        ['added', 'ann', 'x'],
      ],
    );
  });

  test('a preview asks for what the decision would cover, and stores nothing', async (t) => {
    const own = await world(t, open);
    const scope = { kind: 'repositories', paths: ['team/app'] } as const;
    const counts = await own.service.preview(
      call([4]),
      decision({ scope, findingKind: 'cve', expiresWhen: 'any_fix' }),
    );
    assert.deepEqual(counts, { findings: 3, images: 2 });
    assert.deepEqual(own.asked[0]?.call.projects, [4]);
    assert.deepEqual(own.asked[0]?.filter, {
      and: [
        { field: 'repository.path', op: 'in', values: ['team/app'] },
        {
          or: [
            { field: 'vuln.id', op: 'in', values: ['CVE-2024-1'] },
            { field: 'vuln.key', op: 'in', values: ['CVE-2024-1'] },
          ],
        },
        { field: 'kind', op: 'in', values: ['cve'] },
        { field: 'fixable', op: 'is', value: false },
      ],
    });
    assert.equal((await own.store.rules()).length, 0);
  });
});

test('keys name the release of a system package and the name of an application package', () => {
  const release = { id: 'debian', versionId: '11', codename: null };
  assert.equal(vulnerabilityKey({ kind: 'cve', type: 'deb', name: 'a', release }, 'CVE-1'), 'debian:11:CVE-1');
  const sid = { id: 'debian', versionId: null, codename: 'sid' };
  assert.equal(vulnerabilityKey({ kind: 'cve', type: 'deb', name: 'a', release: sid }, 'CVE-1'), 'debian:sid:CVE-1');
  assert.equal(vulnerabilityKey({ kind: 'sca', type: 'npm', name: 'l', release: null }, 'G-1'), 'imgsca:npm:l:G-1');
});

forEachDatabase('imported decisions', (open) => {
  const digest = `sha256:${'d'.repeat(64)}`;
  const vex = (version: number, statements: object[]): Uint8Array =>
    Buffer.from(
      JSON.stringify({
        ...{ '@context': 'https://openvex.dev/ns/v0.2.0', '@id': 'https://example.test/vex', author: 'Team', version },
        ...{ timestamp: '2026-01-01T00:00:00Z', statements },
      }),
    );
  const notAffected = {
    vulnerability: { name: 'CVE-2024-1' },
    status: 'not_affected',
    justification: 'component_not_present',
  };
  const within = { '@id': `pkg:oci/app@${encodeURIComponent(digest)}`, subcomponents: [{ '@id': 'pkg:deb/debian/a' }] };

  test('a VEX document becomes rules about its products; its next version replaces them', async (t) => {
    const own = await world(t, open);
    const load = (bytes: Uint8Array) =>
      own.service.importDocument(call('all'), { bytes, name: 'vex.json', expiresAt: null });
    const first = await load(vex(1, [{ ...notAffected, products: [within, { '@id': 'pkg:oci/nameless' }] }]));
    assert.deepEqual(
      [first.format, first.document, first.added, first.revoked],
      ['openvex', 'https://example.test/vex', 1, 0],
    );
    assert.match(first.skipped[0] ?? '', /names no digest/);
    assert.ok((await own.handler()) !== null);
    assert.equal(await own.handler({ purl: 'pkg:deb/debian/b@1' }), null, 'another package');
    assert.equal(await own.handler({}, { ...image, digests: [] }), null, 'another image');
    const [rule] = (await own.service.page(call('all'), { kind: 'vex', page: { offset: 0, limit: 9 } })).rows;
    assert.deepEqual([rule?.reason, rule?.title], ['not affected: component not present', 'Team']);
    const again = await load(
      vex(2, [
        { ...notAffected, products: [within] },
        { ...notAffected, status: 'affected', products: [within] },
      ]),
    );
    assert.deepEqual([again.added, again.revoked], [0, 1]);
    assert.equal(await own.handler(), null);
    await assert.rejects(load(Buffer.from('{}')), refused('vex_invalid'));
  });

  test('an ignore file becomes rules with reason and end; what has run out is told', async (t) => {
    const own = await world(t, open);
    const text = `ignore:
  - {id: CVE-2024-1, packages: ["pkg:deb/debian/a", b], reason: not used, expires: 2999-12-31}
  - {id: CVE-2024-2, reason: old, expires: 1969-12-31}
  - {id: CVE-2024-3, paths: ["app/**"], reason: tests}
`;
    const bytes = Buffer.from(text);
    const told = await own.service.importDocument(call('all'), { bytes, name: 'rules.yaml', expiresAt: null });
    assert.deepEqual([told.format, told.added, told.skipped.length], ['ignore-file', 2, 2]);
    assert.ok((await own.handler()) !== null);
    const { rows } = await own.service.page(call('all'), { page: { offset: 0, limit: 9 } });
    assert.deepEqual(rows.map(({ scope, expiresAt }) => [scope.kind, expiresAt]).sort(), [
      ['packages', Date.parse('2999-12-31T23:59:59Z')],
      ['products', Date.parse('2999-12-31T23:59:59Z')],
    ]);
  });
});
