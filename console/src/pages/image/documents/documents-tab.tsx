/** stub */
export function DocumentsTab(_: { readonly image: unknown; readonly tab?: string }) {
  return null;
}
