/** A straight line from values to places. */
export function linear(domain: readonly [number, number], range: readonly [number, number]): (value: number) => number {
  const [from, to] = domain;
  const [first, last] = range;
  // All values at one place: in its middle.
  if (to === from) return () => (first + last) / 2;
  return (value) => first + ((value - from) / (to - from)) * (last - first);
}

/** Round values from 0 to at least `most`, about as many as asked for: steps of 1, 2 or 5 times a power of ten. */
export function roundTicks(most: number, about: number): readonly number[] {
  const rough = most / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (([1, 2, 5, 10] as const).find((factor) => factor * power >= rough) ?? 10) * power;
  const count = Math.ceil(most / step);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}
