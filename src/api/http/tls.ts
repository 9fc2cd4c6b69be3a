import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Server } from 'node:https';
import { createSecureContext } from 'node:tls';
import { messageOf } from '../../kernel/index.ts';
import { ServerStartError } from './errors.ts';
import type { TlsFiles } from './options.ts';

/** Reads certificate chain and key. @throws ServerStartError `certificate_unreadable` when they do not fit together */
export function readCertificate(files: TlsFiles): { cert: Buffer; key: Buffer; validTo: Date } {
  try {
    const cert = readFileSync(files.certFile);
    const key = readFileSync(files.keyFile);
    createSecureContext({ cert, key });
    return { cert, key, validTo: new Date(new X509Certificate(cert).validTo) };
  } catch (error) {
    throw new ServerStartError('certificate_unreadable', `TLS certificate or key: ${messageOf(error)}`, {
      hint: 'Give a PEM certificate chain and the PEM key that belongs to it, readable by this user.',
      cause: error,
    });
  }
}

function stamp(files: TlsFiles): string {
  return [files.certFile, files.keyFile]
    .map((file) => {
      const { mtimeMs, size, ino } = statSync(file);
      return `${mtimeMs}:${size}:${ino}`;
    })
    .join('|');
}

/**
 * Takes new files into use without a restart: new connections get them, open ones keep theirs. Files that do not fit
 * together (a renewal half way) leave the old ones in place and are tried again. Returns a function that looks now.
 */
export function watchCertificate(
  server: Server,
  files: TlsFiles,
  report: (outcome: { readonly reloaded: boolean; readonly reason?: string }) => void,
  everyMs = 10_000,
): { check(): void; stop(): void } {
  let known = stamp(files);
  const check = (): void => {
    try {
      const now = stamp(files);
      if (now === known) return;
      const { cert, key } = readCertificate(files);
      server.setSecureContext({ cert, key, minVersion: 'TLSv1.2' });
      known = now;
      report({ reloaded: true });
    } catch (error) {
      report({ reloaded: false, reason: messageOf(error) });
    }
  };
  const timer = setInterval(check, everyMs).unref();
  return { check, stop: () => clearInterval(timer) };
}
