export { createNotifyHandler, queueNotifications } from './jobs.ts';
export { deliveryRetention, noticeStep } from './notices.ts';
export type {
  AffectedRepository,
  AttemptResult,
  ChannelRecord,
  ChannelSummary,
  DueDelivery,
  NewChannelRecord,
  NewDelivery,
  NewVulnerabilities,
  NewVulnerability,
  Notice,
  NotificationStore,
} from './ports.ts';
export { createNotificationService } from './service.ts';
