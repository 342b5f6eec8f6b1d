import type { PushContent, SmsContent } from '../../domain/event.js';
import type { Channel } from '../../domain/notification.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import { validated } from '../../platform/http/validated.js';
import { PushDataDto } from '../../webhooks/dto/push-webhook.dto.js';
import { SmsDataDto } from '../../webhooks/dto/sms-webhook.dto.js';

const INVALID = 'REQUEST.INVALID_BODY';

/**
 * Reads the `data` of a webhook by the rules of its route.
 *
 * @throws GatewayError `REQUEST.INVALID_BODY` with paths below `data`.
 */
export function readData(channel: Channel, data: object): PushContent | SmsContent {
  try {
    if (channel === 'push') validated(PushDataDto, data, INVALID);
    else validated(SmsDataDto, data, INVALID);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const errors = error.errors.map(({ path, problem }) => ({
      path: path === '' ? 'data' : `data.${path}`,
      problem,
    }));
    throw new GatewayError(INVALID, { errors, cause: error });
  }
  return data as PushContent | SmsContent;
}
