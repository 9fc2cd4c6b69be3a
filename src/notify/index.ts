export type { ChannelKindId, EventKindId, NotificationEventKind, QuietHours, SeverityLevel } from './contract.ts';
export { notificationEvents } from './events.ts';
