import type { LeftOutCounts, ReplayRecord } from '../../deliveries/replays/replay-records.js';
import { momentOf } from '../../platform/ids/new-id.js';
import { amountOf } from '../notification-view.js';
import type { LeftOutDto, ReplayDetailsDto, ReplayDto, ReplayPreviewDto } from './replay.dto.js';
import type { Preview } from './replay-preview.js';

/** Converts a dry run for the API. */
export function toPreviewDto(preview: Preview): ReplayPreviewDto {
  const { notifications, deliveries, byReason, leftOut, sms, scannedTo } = preview;
  const { messages, segments, unknown, costMicros } = sms;
  return {
    dryRun: true,
    notifications,
    deliveries,
    byReason: Object.entries(byReason).map(([reason, count]) => ({ reason, deliveries: count })),
    leftOut: toLeftOut(leftOut),
    sms: {
      messages,
      segments,
      unknown,
      cost: Object.entries(costMicros).map(([currency, micros]) => ({ amount: amountOf(micros), currency })),
    },
    scannedTo,
  };
}

/** Converts a replay for the API. */
export function toReplayDto({ filter, leftOut, position, ...replay }: ReplayRecord): ReplayDto {
  const { id, state, perSecond, createdBy, createdAt, endedAt, sent } = replay;
  const { appId, from, to, statuses: status, reasons, providers = null, channel = null, uid = null } = filter;
  return {
    id,
    state,
    filter: { appId, from, to, status, reasons, providers, channel, uid },
    ...{ perSecond, createdBy, createdAt, endedAt, sent },
    leftOut: toLeftOut(leftOut),
    scannedTo: position === null ? null : momentOf(position),
  };
}

/** @param results numbers of notifications by status. */
export function toReplayDetails(
  replay: ReplayRecord,
  results: Readonly<Record<string, number>>,
): ReplayDetailsDto {
  return {
    ...toReplayDto(replay),
    results: Object.entries(results).map(([status, notifications]) => ({ status, notifications })),
  };
}

const toLeftOut = (counts: LeftOutCounts): LeftOutDto[] =>
  Object.entries(counts).map(([why, notifications]) => ({ why, notifications }));
