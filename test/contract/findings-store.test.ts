import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findManifest } from '../../src/adapters/sql/findings/images.ts';
import type { ImageTally, ImageView } from '../../src/findings/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import { factsWorld, type ToyImage, type ToySnapshot, toyDigest } from '../support/facts-world.ts';
import { type NaiveFinding, naiveCounts, naiveFindings } from '../support/naive-findings.ts';

type World = Awaited<ReturnType<typeof factsWorld>>;

const names = ['a', 'b', 'c'];
const levels = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const;
const ids = ['CVE-2024-1', 'CVE-2024-2', 'CVE-2024-3', 'CVE-2024-4', 'GHSA-aaaa-bbbb-cccc'];

const advisory = fc.record({
  id: fc.constantFrom(...ids),
  aliases: fc.subarray(['DSA-1', 'GHSA-x']),
  ecosystem: fc.constantFrom('Debian:12', 'Debian:11', 'npm'),
  name: fc.constantFrom(...names),
  fixed: fc.constantFrom('2', '3', null),
  level: fc.constantFrom(...levels),
  score: fc.constantFrom(null, 5.5, 9.8),
  unimportant: fc.boolean(),
  title: fc.constantFrom(null, 'one', 'two'),
});
const snapshot = fc.record({
  advisories: fc.uniqueArray(advisory, {
    minLength: 4,
    maxLength: 14,
    selector: ({ id, ecosystem, name }) => `${id} ${ecosystem} ${name}`,
  }),
  kev: fc.subarray(ids.slice(0, 4)),
  epss: fc.dictionary(fc.constantFrom(...ids.slice(0, 4)), fc.constantFrom(0.01, 0.2), { noNullPrototype: true }),
});

const place = fc.record({
  path: fc.constantFrom('status', 'x/lock', 'y/lock'),
  layer: fc.integer({ min: 900, max: 902 }),
});
const pkg = fc
  .record({
    type: fc.constantFrom('deb' as const, 'npm' as const),
    name: fc.constantFrom(...names),
    version: fc.constantFrom('1', '2', '3'),
    arch: fc.constantFrom('amd64', 'arm64'),
    source: fc.constantFrom(null, { name: 'a', version: '2' }),
    places: fc.uniqueArray(place, { minLength: 1, maxLength: 2, selector: (p) => `${p.path} ${p.layer}` }),
  })
  // Application packages have no architecture and no source.
  .map((own) => (own.type === 'npm' ? { ...own, arch: null, source: null } : own));
const image = fc.record({
  number: fc.integer({ min: 1, max: 6 }),
  release: fc.constantFrom('11', '12'),
  packages: fc.uniqueArray(pkg, { maxLength: 8, selector: (p) => `${p.type} ${p.name} ${p.version} ${p.arch}` }),
});

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('scan' as const), image, old: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('advisories' as const), snapshot }) },
  // Only the lists of exploited vulnerabilities are new.
  { weight: 1, arbitrary: fc.record({ do: fc.constant('scores' as const), snapshot }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('rematch' as const), meanwhile: fc.option(image, { nil: null }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('recount' as const) }) },
);

/** Runs steps in their order, then what always follows; the images as they were scanned last. */
async function play(
  world: World,
  steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[],
  run: number,
) {
  const images = new Map<number, ToyImage>();
  let previous = world.active();
  let day = 0;
  const scan = async (toy: ToyImage, old: boolean): Promise<void> => {
    const own = ownImage(toy, run);
    images.set(own.number, own);
    await world.scan(own, old ? previous : world.active());
  };
  for (const own of steps) {
    if (own.do === 'scan') await scan(own.image, own.old);
    else if (own.do === 'advisories') {
      previous = world.active();
      const advisories = own.snapshot.advisories.map((entry) => ({ ...entry, name: `${entry.name}${run}` }));
      world.activate({ ...own.snapshot, advisories, id: `s${run}.${++day}` } as ToySnapshot);
    } else if (own.do === 'scores') {
      previous = world.active();
      const { kev, epss } = own.snapshot;
      world.activate({ ...previous, kev, epss, id: `s${run}.${++day}` });
    } else if (own.do === 'rematch') {
      const { meanwhile } = own;
      await world.rematch(meanwhile === null ? {} : { before: () => scan(meanwhile, true) });
    } else await world.store.recount(2);
  }
  await world.rematch();
  await world.recountAll();
  return images;
}

/** Images and packages of other runs of the property stay out of the way: to this one, all packages are new. */
function ownImage({ number, release, packages }: ToyImage, run: number): ToyImage {
  const own = packages.map((entry) => ({
    ...{ ...entry, name: `${entry.name}${run}` },
    source: entry.source && { ...entry.source, name: `${entry.source.name}${run}` },
  }));
  return { number: number + run * 10, release, packages: own };
}

async function viewOf(world: World, number: number): Promise<ImageView> {
  const manifestId = (await findManifest(world.db.kysely, toyDigest(number))) ?? assert.fail('no manifest');
  return (await world.store.image(manifestId)) ?? assert.fail('no image');
}

/** The grain of evidence as the store has it. */
function storedFindings({ packages, sets, matches }: ImageView): NaiveFinding[] {
  const found = sets.flatMap(({ path, layer, members }) =>
    members.flatMap((position) => {
      const own = packages[position] ?? assert.fail();
      return matches
        .filter(({ packageId }) => packageId === own.id)
        .map(({ id, severity, state, fixedVersion: fixed, kev, priority }) => {
          const { kind, type, name, version, purl } = own;
          return {
            id,
            kind,
            type,
            name,
            version,
            purl,
            path,
            layer,
            level: severity.level,
            state,
            fixed,
            kev,
            priority,
          };
        });
    }),
  );
  return found.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function numbers({ cve, sca, kev, vulnerabilities }: ImageTally) {
  return { cve, sca, kev, vulnerabilities };
}

forEachDatabase('findings store', (open) => {
  test('shows at every grain what looking at everything would show, in any order of scans and advisories', {
    timeout: 300_000,
  }, async (t) => {
    const { db } = await open(t);
    const world = await factsWorld(db);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
        const images = await play(world, steps, ++run);
        const active = world.active();
        for (const [number, toy] of images) {
          const view = await viewOf(world, number);
          assert.deepEqual(storedFindings(view), naiveFindings(toy, active));
          assert.deepEqual(numbers(view.tally), naiveCounts(toy, active));
          assert.equal(view.recounting, false);
        }
        assert.deepEqual((await world.store.checkCounts()).differences, []);
      }),
      { numRuns: Number(process.env.DRYDOCK_TEST_RUNS ?? 25) },
    );
  });
});
