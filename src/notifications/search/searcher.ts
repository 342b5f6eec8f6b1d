import { Injectable } from '@nestjs/common';
import { NotificationRepository } from '../../deliveries/notification.repository.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { JobQueue } from '../../queue/job-queue.js';
import type { StoredDevice } from '../../recipients/devices/device.repository.js';
import { toDeviceDto } from '../../recipients/devices/device.dto.js';
import { findNotification, isNotificationDeadLettered } from '../find-notification.js';
import { toAcceptedDto, toDto } from '../notification-view.js';
import { pageEnd } from '../page-end.js';
import { NEWEST, Pager, type Hits, type SearchPage } from './pager.js';
import { Readers, type FoundBy, type SearchPlan, type SearchScope } from './readers.js';
import { READINGS, type Reading, type Recognised } from './recognise.js';
import type { FoundDeviceDto, FoundNotificationDto, FoundUserDto, SearchResultDto } from './search.dto.js';

/** Finds users, devices and notifications by whatever is known of them. */
@Injectable()
export class Searcher {
  constructor(
    private readonly notifications: NotificationRepository,
    private readonly readers: Readers,
    private readonly queue: JobQueue,
  ) {}

  async search(query: Recognised, scope: SearchScope, page: SearchPage): Promise<SearchResultDto> {
    const isFirst = page.start.before === undefined;
    const plan = await this.readers.read(query, scope);
    const hits = await new Pager(this.notifications, page).read(plan);
    const accepted = isFirst && hits.ids.size === 0 ? await this.accepted(query, scope) : [];
    const data = [...accepted, ...(await this.records(hits))];
    const foundBy = [...plan.users, ...plan.devices].map(({ reading }) => reading);
    const recognised = new Set([...query.readings, ...foundBy, ...data.flatMap((record) => record.foundBy)]);
    return {
      recognised: [...query.readings, ...READINGS.filter((own) => !query.readings.includes(own))].filter(
        (reading) => recognised.has(reading),
      ),
      users: isFirst ? usersOf(plan, data) : [],
      devices: isFirst ? devicesOf(plan, scope.apps) : [],
      data,
      ...endOf(hits, page),
    };
  }

  private async records({ ids }: Hits): Promise<FoundNotificationDto[]> {
    const records = await this.notifications.findAll([...ids.keys()]);
    const byId = new Map(records.map((record) => [record.notification.id, record]));
    return [...ids].flatMap(([id, foundBy]) => {
      const record = byId.get(id);
      return record ? [{ ...toDto(record), foundBy: [...foundBy] }] : [];
    });
  }

  /** A notification that is not planned yet. */
  private async accepted(
    { text, readings }: Recognised,
    { appIds }: SearchScope,
  ): Promise<FoundNotificationDto[]> {
    if (!readings.includes('notification')) return [];
    const id = text.toLowerCase();
    const found = await findNotification(async () => undefined, this.queue, id);
    if (!found || !('accepted' in found)) return [];
    if (appIds && !appIds.includes(found.accepted.appId)) return [];
    const dto = toAcceptedDto(id, found.accepted, await isNotificationDeadLettered(this.queue, id));
    return [{ ...dto, foundBy: ['notification'] }];
  }
}

/** The users that were found, and the user with this uid if only the ledger knows it. */
function usersOf(plan: SearchPlan, data: readonly FoundNotificationDto[]): FoundUserDto[] {
  const inLedger = data.filter(({ foundBy }) => foundBy.includes('uid'));
  const all = [
    ...plan.users.map(({ reading, found: { appId, uid } }) => ({ appId, uid, reading })),
    ...inLedger.map(({ appId, uid }) => ({ appId, uid, reading: 'uid' as const })),
  ];
  return merged(all, ({ appId, uid }) => `${appId} ${uid}`).map(({ item: { appId, uid }, foundBy }) => ({
    ...{ appId, uid, foundBy },
  }));
}

function devicesOf({ devices }: SearchPlan, apps: readonly AppSettings[]): FoundDeviceDto[] {
  const all = devices.map(({ reading, found }: FoundBy<StoredDevice>) => ({ ...found, reading }));
  return merged(all, ({ id }) => id).flatMap(({ item, foundBy }) => {
    const app = apps.find(({ appId }) => appId === item.appId);
    const { appId, retiredAt, retiredReason, retiredCode } = item;
    return app ? [{ appId, ...toDeviceDto(item, app), retiredAt, retiredReason, retiredCode, foundBy }] : [];
  });
}

/** One item per key, with all readings that found it. */
function merged<T extends { readonly reading: Reading }>(
  all: readonly T[],
  keyOf: (item: T) => string,
): { item: T; foundBy: Reading[] }[] {
  const items = new Map<string, { item: T; foundBy: Reading[] }>();
  for (const item of all) {
    const known = items.get(keyOf(item));
    if (!known) items.set(keyOf(item), { item, foundBy: [item.reading] });
    else if (!known.foundBy.includes(item.reading)) known.foundBy.push(item.reading);
  }
  return [...items.values()];
}

function endOf({ next }: Hits, { to }: SearchPage): ReturnType<typeof pageEnd> {
  const end = pageEnd(next?.before, next?.place);
  // Nothing of the next place was looked at.
  return next?.before === NEWEST ? { ...end, scannedTo: to ?? new Date() } : end;
}
