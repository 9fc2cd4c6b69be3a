import type { HttpLimits } from './contract.ts';

/** 10 s to connect, 60 s of silence, 1 KiB/s at the slowest, 64 KiB of headers. */
export const defaultHttpLimits: HttpLimits = {
  connectMs: 10_000,
  headersMs: 60_000,
  stallMs: 60_000,
  minBytesPerSecond: 1024,
  rateWindowMs: 30_000,
  headerBytes: 64 * 1024,
};

/** Redirects of one request that are followed. */
export const maxRedirects = 5;
