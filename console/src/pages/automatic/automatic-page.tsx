/** Stub. */
export function AutomaticPage() {
  return null;
}
