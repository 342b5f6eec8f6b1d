import 'reflect-metadata';
import type { PushContext } from '../../src/channels/push/payload/push-context.js';
import type { NotificationDetails } from '../../src/domain/event.js';
import { PushPresentationSettings } from '../../src/platform/config/push-presentation-settings.js';
import { payload } from './payloads.js';

export const NOW = new Date('2026-01-02T03:04:05.678Z');
const DAY_MS = 86_400_000;

/** The context of a push received just now, with a lifetime of a day and default settings. */
export function pushContext(
  changes: Partial<PushContext> = {},
  change: (settings: PushPresentationSettings) => void = () => {},
): PushContext {
  const settings = new PushPresentationSettings();
  change(settings);
  return {
    appId: 'app123',
    receivedAt: NOW,
    expiresAt: new Date(NOW.getTime() + DAY_MS),
    now: NOW,
    missedCall: false,
    options: {},
    settings,
    ...changes,
  };
}

/** The details of a documented push. */
export function documented(name: string): NotificationDetails {
  return payload(name).data['notificationDetails'] as NotificationDetails;
}
