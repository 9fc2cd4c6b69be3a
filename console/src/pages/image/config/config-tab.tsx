/** stub */
export function ConfigTab(_: { readonly image: unknown; readonly tab?: string }) {
  return null;
}
