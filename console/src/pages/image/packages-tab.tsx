/** stub */
export function PackagesTab(_: { readonly image: unknown; readonly tab?: string }) {
  return null;
}
