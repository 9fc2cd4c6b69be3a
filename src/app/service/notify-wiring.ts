import { createSmtpSender } from '../../adapters/mail/smtp.ts';
import { environmentProxies } from '../../kernel/index.ts';
import { createSender, type Sender } from '../../notify/index.ts';
import type { Settings } from '../settings.ts';
import { userAgent } from '../version.ts';
import type { ServiceOptions } from './options.ts';

/** How receivers of notifications are reached from this installation: as registries are, and mail servers without a proxy. */
export function notificationSender(
  settings: Pick<Settings, 'env'>,
  options: Pick<ServiceOptions, 'registryAllow' | 'publicUrl'>,
): Sender {
  return createSender({
    allowedAddresses: options.registryAllow,
    proxies: environmentProxies(settings.env),
    userAgent,
    mail: createSmtpSender(options.registryAllow),
    publicUrl: options.publicUrl ?? null,
    now: Date.now,
  });
}
