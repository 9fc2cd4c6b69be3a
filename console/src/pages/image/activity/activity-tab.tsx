/** stub */
export function ActivityTab(_: { readonly image: unknown; readonly tab?: string }) {
  return null;
}
