export { pauseAfter } from './back-off.ts';
export type {
  ChannelKindId,
  EventKindId,
  HttpTarget,
  Mail,
  MailSecurity,
  MailSender,
  MailTarget,
  Message,
  MessageItem,
  NotificationEventKind,
  OpenTarget,
  Outcome,
  QuietHours,
  Sender,
  SeverityLevel,
} from './contract.ts';
export { NotifyError, type NotifyErrorCode } from './errors.ts';
export { notificationEvents } from './events.ts';
export { countedTitle, isJoined, joinMessages, mostItems } from './join.ts';
export { perMinute } from './kinds.ts';
export { isTimeZone, quietUntil } from './quiet-hours.ts';
export { createSender, type SenderOptions } from './send.ts';
export { plainLine } from './text.ts';
