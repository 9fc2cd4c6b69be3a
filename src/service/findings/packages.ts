import type { EstatePackage, Plan } from '../../findings/index.ts';
import { compareText } from '../../kernel/index.ts';
import type { Call, FindingService } from '../contract/index.ts';
import { cutPage } from '../images/image-pages.ts';
import type { FindingServiceDeps } from './ports.ts';

type PackagePage = Awaited<ReturnType<FindingService['packages']>>;
type EstatePage = Awaited<ReturnType<FindingService['estatePackages']>>;

/** Installed packages of an image by name, with the number of their findings. */
export async function imagePackages(
  deps: FindingServiceDeps,
  call: Call,
  uuid: string,
  query: Parameters<FindingService['packages']>[2],
): Promise<PackagePage> {
  const plan = await deps.queries.plan({ field: 'image.uuid', op: 'in', values: [uuid] }, call.projects, call.signal);
  const row = plan.snapshot.images.rows.at(plan.images[0] ?? -1);
  const image = row === undefined ? null : await deps.facts.image(row.manifestId);
  if (image === null) return { rows: [], total: 0, totalIsBound: false, next: null };
  const matches = new Map<number, number>();
  for (const { packageId } of image.matches) matches.set(packageId, (matches.get(packageId) ?? 0) + 1);
  const paths = new Map<number, Set<string>>();
  for (const set of image.sets) {
    for (const member of set.members) paths.set(member, (paths.get(member) ?? new Set()).add(set.path));
  }
  const needle = query.name?.toLowerCase() ?? '';
  const rows = image.packages
    .map((pkg, position) => ({
      id: pkg.id,
      purl: pkg.purl,
      type: pkg.type,
      name: pkg.name,
      version: pkg.version,
      findings: matches.get(pkg.id) ?? 0,
      paths: [...(paths.get(position) ?? [])],
    }))
    .filter(({ name }) => name.toLowerCase().includes(needle))
    .sort(byName);
  const { rows: picked, ...rest } = cutPage([...rows.keys()], (index) => rows[index]?.id ?? 0, query.page);
  return { rows: picked.map((index) => withoutId(rows[index] as (typeof rows)[number])), ...rest };
}

/**
 * Packages of the estate that are in a visible image. With a name: every version of it, vulnerable or not; without: all
 * that have findings.
 */
export async function estatePackages(
  deps: FindingServiceDeps,
  call: Call,
  query: Parameters<FindingService['estatePackages']>[1],
): Promise<EstatePage> {
  const plan = await deps.queries.plan(undefined, call.projects, call.signal);
  const { matches, sets } = plan.snapshot;
  const named = query.name === undefined ? [] : await deps.packagesNamed(query.name);
  const cold = named.filter(({ id }) => !matches.byPackage.has(id));
  const setsOfCold =
    cold.length === 0 ? new Map<number, Int32Array>() : await deps.facts.setsOf(cold.map(({ id }) => id));
  const needle = query.name?.toLowerCase() ?? '';
  const hot = matches.packages
    .slice(0, matches.packageCount)
    .map((pkg, slot) => ({ pkg, sets: sets.ofPackage.row(slot), findings: matches.ofPackage.length[slot] as number }))
    .filter(({ pkg }) => pkg.name.toLowerCase().includes(needle));
  const rest = cold.map((pkg) => ({
    pkg,
    sets: Int32Array.from(setsOfCold.get(pkg.id) ?? []).map((id) => sets.bySet.get(id) ?? -1),
    findings: 0,
  }));
  const rows = [...hot, ...rest].sort((a, b) => byName(a.pkg, b.pkg));
  const holders = new ImagesOfSets(plan);
  // Only what is in a visible image exists for the caller; nobody learns of the rest.
  const shown = rows.filter((row) => holders.any(row.sets));
  const page = cutPage([...shown.keys()], (index) => shown[index]?.pkg.id ?? 0, query.page);
  return {
    ...page,
    rows: page.rows.map((index) => {
      const { pkg, sets: own, findings } = shown[index] as (typeof shown)[number];
      const { purl, type, name, version } = pkg;
      const images = holders.of(own).size;
      return { purl, type, name, version, images, findings: findings * images };
    }),
  };
}

/** Visible images that hold a package of this name, in the order of their numbers. */
export async function imagesWithPackage(
  deps: FindingServiceDeps,
  call: Call,
  query: Parameters<FindingService['imagesWithPackage']>[1],
): Promise<Awaited<ReturnType<FindingService['imagesWithPackage']>>> {
  const plan = await deps.queries.plan(undefined, call.projects, call.signal);
  const { matches, sets, images } = plan.snapshot;
  const { name, version } = query;
  const named = (await deps.packagesNamed(name)).filter((pkg) => version === undefined || pkg.version === version);
  const cold = named.filter(({ id }) => !matches.byPackage.has(id)).map(({ id }) => id);
  const setsOfCold = cold.length === 0 ? new Map<number, Int32Array>() : await deps.facts.setsOf(cold);
  const holders = new ImagesOfSets(plan);
  const found = new Set<number>();
  for (const { id } of named) {
    const slot = matches.byPackage.get(id);
    const own =
      slot === undefined
        ? Int32Array.from(setsOfCold.get(id) ?? []).map((set) => sets.bySet.get(set) ?? -1)
        : sets.ofPackage.row(slot);
    for (const image of holders.of(own)) found.add(image);
  }
  const sorted = [...found].sort((a, b) => a - b);
  const { rows, ...page } = cutPage(sorted, (slot) => images.rows.id(slot), query.page);
  return { ...page, rows: rows.map((slot) => images.rows.uuid(slot)) };
}

/** Selected images that hold any of some sets. */
class ImagesOfSets {
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  any(sets: Int32Array): boolean {
    return sets.some((set) => this.#images(set).next().done === false);
  }

  of(sets: Int32Array): ReadonlySet<number> {
    const found = new Set<number>();
    for (const set of sets) for (const image of this.#images(set)) found.add(image);
    return found;
  }

  *#images(set: number): Generator<number> {
    const { contents, images } = this.#plan.snapshot;
    if (set < 0) return;
    for (const content of contents.ofSet.row(set)) {
      for (const image of images.ofContent.row(content)) {
        if (this.#plan.position(image) >= 0) yield image;
      }
    }
  }
}

function byName(a: Pick<EstatePackage, 'id' | 'name' | 'version'>, b: Pick<EstatePackage, 'id' | 'name' | 'version'>) {
  return compareText(a.name, b.name) || compareText(a.version, b.version) || a.id - b.id;
}

function withoutId<T extends { readonly id: number }>({ id: _id, ...rest }: T): Omit<T, 'id'> {
  return rest;
}
