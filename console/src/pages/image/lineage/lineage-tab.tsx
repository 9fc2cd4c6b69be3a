/** stub */
export function LineageTab(_: { readonly image: unknown; readonly tab?: string }) {
  return null;
}
