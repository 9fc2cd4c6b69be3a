import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callFor, estateServices } from '../../../test/support/estate-services.ts';
import { seeded } from '../../../test/support/random.ts';
import { RiskWorld } from '../../../test/support/risk-world.ts';
import { allChecks, sensitiveRules } from '../../detectors/index.ts';
import { detectorCatalogue } from './catalogue.ts';
import { scanChoices } from './choices.ts';

const everyone = callFor('all');
const services = () => estateServices(new RiskWorld(seeded(1)));
const baselineItems = allChecks.filter(({ axis }) => axis === 'baseline').map(({ item }) => item);
const check = (id: string) => allChecks.find((known) => known.id === id) ?? assert.fail(id);

/** Ids of the checks that the scans of now ask. */
async function asked(choices: ReturnType<typeof services>['choices']): Promise<Set<string>> {
  const { policy } = await scanChoices(choices, detectorCatalogue);
  return new Set(allChecks.filter((known) => policy.asks(known)).map(({ id }) => id));
}

test('strategies: the built-in one, own ones, and the one that scans use', async () => {
  const { risks, choices } = services();
  const [first] = await risks.strategies(everyone);
  assert.deepEqual(
    [first?.id, first?.type, first?.active, first?.totalItems],
    [1, 'default', true, baselineItems.length],
  );
  // Lint-like checks are left out by default (risks.md §1): FS-005 is one, ID-004 is none.
  assert.ok(first?.items.includes('duplicate_uid') && !first.items.includes('unowned_file'));
  assert.ok(!(await asked(choices)).has('FS-005'));

  const own = await risks.saveStrategy(everyone, { items: ['weak_password', 'duplicate_uid', 'weak_password'] });
  assert.deepEqual([own.id, own.type, own.active], [2, 'own', true]);
  assert.deepEqual(
    own.items,
    baselineItems.filter((item) => ['duplicate_uid', 'weak_password'].includes(item)),
  );
  const now = await asked(choices);
  assert.ok(now.has('ID-004') && now.has('ID-002') && !now.has('ID-001'));
  // Build instructions are chosen elsewhere.
  assert.ok(now.has('IC-001'));

  const full = await risks.saveStrategy(everyone, { id: 1, type: 'full', name: 'all of it', keepDays: 30 });
  assert.deepEqual([full.id, full.items.length, full.keepDays], [1, baselineItems.length, 30]);
  assert.ok((await asked(choices)).has('FS-005'));
  const list = await risks.strategies(everyone);
  assert.deepEqual(
    list.map(({ id, name, active }) => [id, name, active]),
    [
      [1, 'all of it', true],
      [2, 'own', false],
    ],
  );
  const normal = await risks.saveStrategy(everyone, { type: 'normal' });
  assert.deepEqual(
    normal.items,
    allChecks.filter(({ axis, level }) => axis === 'baseline' && level !== 'low').map(({ item }) => item),
  );
  // Only a name changes: the rest stays.
  const renamed = await risks.saveStrategy(everyone, { id: 2, name: 'mine' });
  assert.deepEqual([renamed.type, renamed.items], ['own', own.items]);
});

test('strategies that cannot be are refused, and so are those who may not change scans', async () => {
  const { risks, choices } = services();
  const refused = (change: Parameters<typeof risks.saveStrategy>[1], code: string, field: string) =>
    assert.rejects(risks.saveStrategy(everyone, change), { code, field });
  await refused({ items: ['nothing'] }, 'invalid_field', 'items');
  await refused({ name: 'a\nb' }, 'invalid_field', 'name');
  await refused({ name: 'a'.repeat(201) }, 'invalid_field', 'name');
  await refused({ keepDays: -1 }, 'invalid_field', 'keepDays');
  await refused({ keepDays: 1.5 }, 'invalid_field', 'keepDays');
  await refused({ id: 7 }, 'not_found', 'id');
  const some = callFor([1, 2]);
  await assert.rejects(risks.saveStrategy(some, { type: 'full' }), { code: 'not_found' });
  await assert.rejects(risks.select(some, 'sensitive', { selected: [] }), { code: 'not_found' });
  await assert.rejects(risks.setSensitiveScan(some, false), { code: 'not_found' });
  assert.equal((await risks.strategies(everyone)).length, 1);
  const many = Array.from({ length: 100 }, (_, at) => ({
    id: at + 1,
    name: 'a',
    type: 'full',
    items: [],
    keepDays: 0,
  }));
  await choices.choose('baseline', () => ({ list: many, active: 1 }), 0);
  await refused({ type: 'full' }, 'invalid_field', 'id');
});

test('selections: rules in use, new rules of later versions, noisy rules', async () => {
  const { risks, choices } = services();
  const quiet = sensitiveRules.filter(({ defaultOn }) => defaultOn !== false).map(({ key }) => key);
  const noisy = sensitiveRules.filter(({ defaultOn }) => defaultOn === false).map(({ key }) => key);
  assert.deepEqual((await risks.selection(everyone, 'sensitive')).selected, quiet);
  assert.deepEqual((await scanChoices(choices, detectorCatalogue)).secrets, { off: [], on: [] });

  const [loud = ''] = noisy;
  const chosen = await risks.select(everyone, 'sensitive', { selected: ['npm_token', loud] });
  assert.deepEqual(chosen.selected.toSorted(), ['npm_token', loud].toSorted());
  const { off, on } = (await scanChoices(choices, detectorCatalogue)).secrets;
  assert.deepEqual([off, on], [quiet.filter((key) => key !== 'npm_token'), [loud]]);
  await assert.rejects(risks.select(everyone, 'sensitive', { selected: ['nothing'] }), { field: 'selected' });

  // As a version left it that did not know the rule `pem` yet.
  const older = { selected: ['npm_token'], known: sensitiveRules.map(({ key }) => key).filter((key) => key !== 'pem') };
  await choices.choose('sensitive', () => ({ ...older, enableNew: true }), 0);
  assert.deepEqual((await risks.selection(everyone, 'sensitive')).selected.toSorted(), ['npm_token', 'pem']);
  const closed = await risks.select(everyone, 'sensitive', { enableNew: false });
  assert.deepEqual([closed.selected, closed.enableNew], [['npm_token'], false]);

  await risks.select(everyone, 'instruction', { selected: [check('IC-009').item] });
  const now = await asked(choices);
  assert.ok(now.has('IC-009') && !now.has('IC-001') && now.has('ID-001'));
});

test('the search for sensitive files is on until somebody turns it off', async () => {
  const { risks, choices } = services();
  const isOn = async () => [
    await risks.sensitiveScan(everyone),
    (await scanChoices(choices, detectorCatalogue)).sensitive,
  ];
  assert.deepEqual(await isOn(), [true, true]);
  await risks.setSensitiveScan(everyone, false);
  assert.deepEqual(await isOn(), [false, false]);
});
