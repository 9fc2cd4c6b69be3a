import type { NotificationStore } from '../../../service/index.ts';
import type { Db } from '../contract.ts';
import { channelStore } from './channels.ts';
import { deliveryStore } from './deliveries.ts';
import { noticeStore } from './notices.ts';
import { planningStore } from './planning.ts';

/** Notifications in SQL. */
export function createNotificationStore(db: Db): NotificationStore {
  return { ...channelStore(db), ...planningStore(db), ...deliveryStore(db), ...noticeStore(db) };
}
