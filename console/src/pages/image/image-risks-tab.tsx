/** stub */
export function ImageRisksTab(_: { readonly image: unknown; readonly tab?: string }) {
  return null;
}
