import type { ReplayFilter } from '../../deliveries/replays/replay-records.js';
import { normaliseUid } from '../../domain/uid.js';
import { toMoment } from '../../platform/http/moment.decorator.js';
import { invalid } from '../send-request.js';
import { DEFAULT_REASONS, DEFAULT_STATUSES, type ReplayFilterDto } from './replay.dto.js';

/**
 * Applies the defaults to a validated filter.
 *
 * @param now the latest end: a replay does not follow new notifications.
 * @throws GatewayError `REQUEST.INVALID_BODY` if it ends before it begins.
 */
export function readReplayFilter(dto: ReplayFilterDto, appId: string, now = new Date()): ReplayFilter {
  const { channel, providers, uid } = dto;
  const from = toMoment(dto.from) ?? now;
  const given = dto.to === undefined || dto.to === null ? now : (toMoment(dto.to) ?? now);
  const to = given < now ? given : now;
  if (from >= to) throw invalid([{ path: 'filter.from', problem: 'must be before `to` and before now' }]);
  return {
    appId,
    from: from.toISOString(),
    to: to.toISOString(),
    statuses: dto.status ?? DEFAULT_STATUSES,
    reasons: dto.reasons ?? DEFAULT_REASONS,
    ...(providers ? { providers } : {}),
    ...(channel ? { channel } : {}),
    ...(uid ? { uid: normaliseUid(uid) ?? uid } : {}),
  };
}
