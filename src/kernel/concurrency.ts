/**
 * Maps with at most `limit` calls under way; results keep the order of the input. The first failure stops the
 * start of further calls and is thrown after the running ones have settled, so nothing runs on unobserved.
 */
export async function mapLimit<T, R>(
  items: Iterable<T>,
  limit: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  const iterator = items[Symbol.iterator]();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (failures.length === 0) {
      const { done, value } = iterator.next();
      if (done) return;
      const index = next++;
      try {
        results[index] = await work(value, index);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, limit) }, lane));
  if (failures.length > 0) throw failures[0];
  return results;
}
