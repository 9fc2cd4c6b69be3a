/**
 * A secret for one registry. `identity` is a long-lived token that is exchanged at the token server; `bearer` is
 * sent to the registry as it is.
 */
export type Credentials =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'identity'; readonly token: string }
  | { readonly kind: 'bearer'; readonly token: string };

/** What credentials are wanted for. They are bound to the exact host and port; nothing is matched by suffix. */
export interface CredentialRequest {
  /** `host[:port]` as in references. */
  readonly registry: string;
  readonly repository: string | undefined;
}

/**
 * Finds the credentials of a registry, or undefined for anonymous access.
 * @throws RegistryError `invalid_credentials` when a store exists but cannot be used
 */
export type CredentialsProvider = (request: CredentialRequest, signal: AbortSignal) => Promise<Credentials | undefined>;

/** Always anonymous. */
export const noCredentials: CredentialsProvider = async () => undefined;

/** Credentials given one by one, keyed by exact `host[:port]`. */
export function fixedCredentials(entries: ReadonlyMap<string, Credentials>): CredentialsProvider {
  return async ({ registry }) => entries.get(registry);
}

/** The `Authorization` value of basic credentials. */
export function basicHeader(credentials: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`, 'utf8').toString('base64')}`;
}
