import { z } from 'zod';
import { type ServerConfig, settingDefinitions } from '../cli/service/settings.ts';

const url = z.string().min(1).max(2048);
const file = z.string().min(1).max(4096);

const mirror = z.union([
  z.strictObject({
    base: url,
    /** PEM file. */
    ca: file.optional(),
    username: z.string().max(256).optional(),
    /** File that holds the password alone; secrets are never values of the configuration. */
    passwordFile: file.optional(),
    proxy: url.optional(),
  }),
  z.strictObject({ bundle: file, publicKey: file }),
]);

const source = z.strictObject({
  match: z.strictObject({ id: z.string(), versionId: z.string() }),
  keyring: z.string(),
  suites: z
    .array(
      z.strictObject({
        archive: z.string(),
        suite: z.string(),
        components: z.array(z.string()).min(1),
        origin: z.string(),
        /** Seconds, or a number of days such as `14d`. */
        maxAge: z.union([z.number().int().positive(), z.string().regex(/^[0-9]{1,4}d$/)]).optional(),
      }),
    )
    .min(1),
});

const registry = z.strictObject({
  endpoint: z.string().optional(),
  scheme: z.enum(['https', 'http']).optional(),
  insecure: z.boolean().optional(),
  ca: file.optional(),
  clientCertificate: file.optional(),
  clientKey: file.optional(),
  trustedRealms: z.array(z.string()).optional(),
  allowedAddresses: z.array(z.string()).optional(),
  /** URL, or `direct` for none. */
  proxy: url.optional(),
  chunkBytes: z.number().int().positive().optional(),
});

const setting = z
  .union([z.string().max(4096), z.number(), z.boolean(), z.array(z.string().max(256)).max(256)])
  .optional();
const server = z.strictObject(Object.fromEntries(settingDefinitions.map(({ name }) => [name, setting])));

/** The configuration file, docs/operations/configuration.md; unknown keys are errors. */
export const configSchema = z.strictObject({
  /** Settings of `serve` and `worker`, under the names of their definitions. */
  server: server.optional() as unknown as z.ZodOptional<z.ZodType<ServerConfig>>,
  dataDir: file.optional(),
  cacheDir: file.optional(),
  registries: z.record(z.string(), registry).optional(),
  advisories: z
    .strictObject({
      from: url.optional(),
      kev: url.optional(),
      epss: url.optional(),
      /** Files of the Alpine security database, or folders of them. */
      alpineSecdb: z.array(url).max(256).optional(),
      /** JSON of the Debian security tracker. */
      debianTracker: url.optional(),
      /** PEM file. */
      ca: file.optional(),
      /** URL, or `direct` for none. */
      proxy: url.optional(),
    })
    .optional(),
  /** Engines besides our own that look for malicious files. */
  engines: z
    .strictObject({
      clamd: z
        .strictObject({
          /** `unix:/path` or `tcp://host:port`. */
          address: z.string().min(1).max(4096).optional(),
          /** The smaller of StreamMaxLength and MaxFileSize of the daemon. */
          maxFileBytes: z.number().int().positive().optional(),
          /** Days after which its database is told of as stale. */
          maxAgeDays: z.number().int().positive().optional(),
          /** Networks that may be talked to although they are neither private nor on this machine. */
          allow: z.array(z.string().max(64)).max(64).optional(),
        })
        .optional(),
      /** Whether YARA-X runs the rules that our own engine cannot. */
      yaraX: z.boolean().optional(),
    })
    .optional(),
  fix: z
    .strictObject({
      archives: z.record(z.string(), z.array(mirror).min(1)).optional(),
      sources: z.array(source).optional(),
      /** Packages that fixes never change. */
      pinned: z.array(z.string()).optional(),
      /** Private key (PEM) that signs attached statements. */
      signingKey: file.optional(),
    })
    .optional(),
});

/** The content of one configuration file. */
export type ConfigFile = z.infer<typeof configSchema>;
