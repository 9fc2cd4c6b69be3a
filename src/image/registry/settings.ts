import { defaultHttpLimits, type HttpLimits, maxRedirects } from '../../kernel/index.ts';

/** How one registry is reached; keyed by its exact `host[:port]` as written in references. */
export interface RegistrySettings {
  /** `host[:port]` to connect to instead, for example a pull-through mirror. */
  readonly endpoint?: string;
  /** Fixed scheme. Absent: https; with `insecure` or on loopback http is tried when the port does not speak TLS. */
  readonly scheme?: 'https' | 'http';
  /** Allows plain http and unverified TLS for this registry only. */
  readonly insecure?: boolean;
  /** PEM certificates trusted in addition to the system's. */
  readonly ca?: string;
  /** PEM client certificate and key (mutual TLS); shown to the registry itself only, never to redirect targets. */
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  /** Hosts (`host[:port]`) of token servers that may receive this registry's credentials. */
  readonly trustedRealms?: readonly string[];
  /** URL of the proxy for this registry, or `direct` for none; absent: as the environment says. */
  readonly proxy?: string;
  /** CIDR ranges that may be connected to although the network policy denies them. */
  readonly allowedAddresses?: readonly string[];
  /** Address to connect to instead of resolving the registry's name; TLS and Host keep the name. */
  readonly connectAddress?: string;
  /** Refuses this machine too, whatever the name leads to: for registries that users of a service name. */
  readonly remoteOnly?: boolean;
  /** Upload blobs above this size in chunks of this size. Absent: one request per blob. */
  readonly chunkBytes?: number;
}

/** Bounds of every exchange; the defaults suit slow networks and still end every hostile one. */
export interface RegistryLimits extends HttpLimits {
  readonly manifestBytes: number;
  /** One page of tags or referrers. */
  readonly pageBytes: number;
  readonly pages: number;
  readonly redirects: number;
  readonly tokenBytes: number;
  /** Attempts of one request, the first included; for downloads and uploads: attempts without any progress. */
  readonly attempts: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
}

/** 4 MiB manifests, 5 redirects, 32 KiB tokens, 5 attempts within about a minute, and what holds for every server. */
export const defaultRegistryLimits: RegistryLimits = {
  ...defaultHttpLimits,
  manifestBytes: 4 * 1024 * 1024,
  pageBytes: 16 * 1024 * 1024,
  pages: 100_000,
  redirects: maxRedirects,
  tokenBytes: 32 * 1024,
  attempts: 5,
  backoffMs: 500,
  maxBackoffMs: 30_000,
};
