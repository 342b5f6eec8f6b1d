import { SendAborted, type SendResult } from '../../domain/outcome.js';
import type { InfobipSettings } from './infobip-settings.js';
import { connectTo } from '../http-client/connect-to.js';
import type { HttpClient } from '../http-client/http-client.js';
import type { Checked, SendContext, SmsMessage, SmsProvider } from '../provider.js';
import type { SmsProviderFactory } from '../provider-factory.js';
import { acceptedAs, answerOf, invalidAnswer } from '../vendor-answer.js';
import { isObject, jsonObject, requestOf } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { infobipCallbacks } from './infobip-callbacks.js';
import { checkInfobip } from './infobip-check.js';
import { DUPLICATE_MESSAGE_ID, infobipCode, infobipVerdict } from './infobip-errors.js';
import { infobipStatus } from './infobip-status.js';

const PATH = '/sms/3/messages';
/** Two days; Infobip replaces a longer period by this one. */
const MAX_VALIDITY_SECONDS = 172_800;
/** Groups of accepted messages: ACCEPTED, PENDING, DELIVERED. */
const ACCEPTED_GROUPS: ReadonlySet<number> = new Set([0, 1, 3]);

/**
 * Infobip's SMS API, version 3.
 *
 * We set the message id; Infobip refuses a second message with the same id, which means that it has the first.
 * https://www.infobip.com/docs/api/channels/sms/outbound-sms/send-sms-messages
 */
export class InfobipProvider implements SmsProvider {
  readonly callbacks = infobipCallbacks;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(
    private readonly settings: Pick<InfobipSettings, 'apiKey' | 'from' | 'requestTimeoutMs'>,
    private readonly client: HttpClient,
  ) {
    this.headers = {
      authorization: `App ${settings.apiKey}`,
      'content-type': 'application/json',
      accept: 'application/json',
    };
  }

  async send(message: SmsMessage, { signal }: SendContext): Promise<SendResult> {
    if (signal.aborted) throw new SendAborted();
    const response = await requestOf(this.client, {
      method: 'POST',
      path: PATH,
      headers: this.headers,
      body: JSON.stringify({ messages: [this.bodyOf(message)] }),
      timeoutMs: this.settings.requestTimeoutMs,
      signal,
    });
    const { status, body } = response;
    const answer = jsonObject(body);
    if (status < 200 || status >= 300) {
      const code = infobipCode(answer) ?? String(status);
      return conclude(infobipVerdict(status, undefined), code, answerOf(response));
    }
    const [sent] = Array.isArray(answer?.['messages']) ? answer['messages'].filter(isObject) : [];
    const id = sent?.['messageId'];
    const result = infobipStatus(sent?.['status']);
    // 2xx without a status: a proxy page or a truncated body.
    if (!result) throw invalidAnswer(response);
    if (result.id === DUPLICATE_MESSAGE_ID) return acceptedAs(message.reference, response);
    if (!ACCEPTED_GROUPS.has(result.groupId))
      return conclude(infobipVerdict(status, result.id), result.code, answerOf(response));
    if (typeof id === 'string') return acceptedAs(id, response);
    throw invalidAnswer(response);
  }

  check(signal: AbortSignal): Promise<Checked> {
    return checkInfobip(this.client, this.settings, signal);
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private bodyOf({ address, text, reference, statusUrl, validForSeconds }: SmsMessage): object {
    const amount = Math.min(Math.max(Math.floor(validForSeconds), 1), MAX_VALIDITY_SECONDS);
    return {
      sender: this.settings.from,
      destinations: [{ to: address.phno.replace(/^\+/, ''), messageId: reference }],
      content: { text },
      options: { validityPeriod: { amount, timeUnit: 'SECONDS' } },
      webhooks: {
        ...(statusUrl === undefined ? {} : { delivery: { url: statusUrl } }),
        contentType: 'application/json',
        callbackData: reference,
      },
    };
  }
}

export const infobip: SmsProviderFactory<InfobipSettings> = {
  channel: 'sms',
  type: 'infobip',
  endpointsOf: ({ endpoint }) => [endpoint],
  create: (settings) => {
    const { endpoint, ca } = settings;
    return new InfobipProvider(settings, connectTo({ endpoint, ca }));
  },
};
