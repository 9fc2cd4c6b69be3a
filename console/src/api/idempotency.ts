/** A key that names one change, so that its repetition is done once (docs/api/native.md). */
export function newKey(): string {
  // Without https, browsers have no `randomUUID`.
  return crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
}
