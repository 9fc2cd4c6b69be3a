import type { ToyAdvisory, ToyImage, ToySnapshot } from './facts-world.ts';

/** Images whose packages differ from round to round: a later round has packages and sets that nobody had before. */
export function crashImages(round: number): ToyImage[] {
  const pkg = (name: string, version: string) => ({
    ...{ type: 'deb' as const, name, version, arch: 'amd64', source: null },
    places: [{ path: 'status', layer: 900 }],
  });
  return Array.from({ length: 8 }, (_, index) => ({
    number: index + 1,
    release: '12',
    packages: [
      pkg('a', String(1 + (index % 3))),
      pkg('b', '1'),
      ...Array.from({ length: 30 }, (_own, n) => pkg(`c${n}`, String(1 + ((round + index + n) % 50)))),
    ],
  }));
}

/** Advisories of a round. */
export function crashSnapshot(round: number): ToySnapshot {
  const advisory = (id: string, name: string, fixed: string | null): ToyAdvisory => ({
    ...{ id, aliases: [], ecosystem: 'Debian:12', name, fixed, level: 'high', score: null },
    ...{ unimportant: false, title: null },
  });
  const own = Array.from({ length: 30 }, (_, n) =>
    advisory(`CVE-2024-${100 + n}`, `c${n}`, String(10 + ((round * 7 + n) % 40))),
  );
  return {
    id: `round ${round}`,
    advisories: [advisory('CVE-2024-1', 'a', round % 2 === 0 ? '3' : null), ...own],
    kev: round % 3 === 0 ? ['CVE-2024-1'] : [],
    epss: {},
  };
}
