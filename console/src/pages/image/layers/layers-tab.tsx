/** stub */
export function LayersTab(_: { readonly image: unknown; readonly tab?: string }) {
  return null;
}
