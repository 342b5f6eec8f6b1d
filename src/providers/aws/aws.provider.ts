import aws4 from 'aws4';
import { ProviderUnavailable, SendAborted, type SendResult } from '../../domain/outcome.js';
import type { AwsSettings } from './aws-settings.js';
import { connectTo } from '../http-client/connect-to.js';
import type { HttpClient, HttpRequest, HttpResponse } from '../http-client/http-client.js';
import { AccessTokens } from '../access-tokens.js';
import { checkByRequest } from '../check-account.js';
import { checkWithToken } from '../check-with-token.js';
import type { CallbackReader } from '../callback.js';
import type { Checked, SendContext, SmsMessage, SmsProvider } from '../provider.js';
import type { SmsProviderFactory } from '../provider-factory.js';
import { acceptedAs, answerOf, invalidAnswer } from '../vendor-answer.js';
import { jsonObject, requestOf } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { awsCallbacks } from './aws-callbacks.js';
import { AWS_CHECK_SMS, readDryRun } from './aws-check.js';
import { readAwsError } from './aws-errors.js';
import { credentialsOfMachine, type AwsCredentials } from './machine-credentials.js';
import { SnsVerifier } from './sns-verifier.js';

const TARGET = 'PinpointSMSVoiceV2.SendTextMessage';
const CONTENT_TYPE = 'application/x-amz-json-1.0';
/** Limits of `TimeToLive`. */
const MIN_TTL_SECONDS = 5;
const MAX_TTL_SECONDS = 259_200;

interface Parts {
  readonly client: HttpClient;
  /** Host and port, for the signature. */
  readonly host: string;
  readonly credentials: AccessTokens<AwsCredentials>;
  readonly verifier: SnsVerifier | undefined;
}

/**
 * AWS End User Messaging SMS, by `SendTextMessage` of the API `pinpoint-sms-voice-v2`.
 * https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html
 *
 * The API has no idempotency key: a retry after a lost response may send the SMS twice, hence `mayHaveBeenSent`.
 * Delivery reports come as events of a configuration set.
 */
export class AwsProvider implements SmsProvider {
  readonly callbacks: CallbackReader;
  readonly passesStatusUrl = false;

  constructor(
    private readonly settings: AwsSettings,
    private readonly parts: Parts,
  ) {
    this.callbacks = awsCallbacks(parts.verifier, settings.answersOptOuts);
  }

  async send(message: SmsMessage, { signal }: SendContext): Promise<SendResult> {
    if (signal.aborted) throw new SendAborted();
    const { client, credentials } = this.parts;
    const keys = await credentials.get(signal);
    const response = await requestOf(client, this.request(this.fieldsOf(message), keys, signal));
    return this.resultOf(response, keys);
  }

  check(signal: AbortSignal): Promise<Checked> {
    const { client, credentials } = this.parts;
    const fields = { ...this.fieldsOf(AWS_CHECK_SMS), DryRun: true };
    return checkWithToken(credentials, signal, (keys) => {
      const request = this.request(fields, keys, signal);
      return checkByRequest(client, request, (response) => readDryRun(() => this.resultOf(response, keys)));
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.parts.client.close(), this.parts.verifier?.close()]);
  }

  /** The decision in a response. @param keys with which the request was signed. */
  private resultOf(response: HttpResponse, keys: AwsCredentials): SendResult {
    const { credentials } = this.parts;
    const { status, headers, body } = response;
    if (status >= 200 && status < 300) {
      credentials.accepted(keys);
      const id = jsonObject(body)?.['MessageId'];
      if (typeof id === 'string' && id !== '') return acceptedAs(id, response);
      // 2xx without a message id: a proxy page or a truncated body.
      throw invalidAnswer(response);
    }
    const type = headers['x-amzn-errortype'];
    const error = readAwsError(status, body, typeof type === 'string' ? type : type?.[0]);
    if (!error.refusesKeys) credentials.accepted(keys);
    // Role credentials may be revoked early: new ones show whether the account is misconfigured.
    else if (credentials.refused(keys))
      throw new ProviderUnavailable({ vendorCode: error.code, answer: answerOf(response) });
    return conclude(error.verdict, error.code, answerOf(response));
  }

  private request(fields: object, keys: AwsCredentials, signal: AbortSignal): HttpRequest {
    const body = JSON.stringify(fields);
    const { requestTimeoutMs: timeoutMs } = this.settings;
    return { method: 'POST', path: '/', headers: this.signed(body, keys), body, timeoutMs, signal };
  }

  private fieldsOf({ address, text, reference, validForSeconds }: SmsMessage): object {
    const { originationIdentity, from, configurationSet } = this.settings;
    return {
      DestinationPhoneNumber: address.phno,
      // JSON omits undefined; AWS then chooses a sender of the account.
      OriginationIdentity: originationIdentity ?? from,
      MessageBody: text,
      MessageType: 'TRANSACTIONAL',
      ConfigurationSetName: configurationSet,
      TimeToLive: Math.min(Math.max(validForSeconds, MIN_TTL_SECONDS), MAX_TTL_SECONDS),
      // Returned in the events.
      Context: { reference },
    };
  }

  /** The request headers with Signature Version 4; names in lower case, as HTTP/2 requires. */
  private signed(body: string, keys: AwsCredentials): Record<string, string> {
    const headers: Record<string, string> = {
      'content-type': CONTENT_TYPE,
      'content-length': String(Buffer.byteLength(body)),
      'x-amz-target': TARGET,
      'x-amz-date': new Date().toISOString().replace(/[:-]|\.\d{3}/g, ''),
      ...(keys.sessionToken === undefined ? {} : { 'x-amz-security-token': keys.sessionToken }),
    };
    const { accessKeyId, secretAccessKey } = keys;
    const signed = aws4.sign(
      {
        method: 'POST',
        path: '/',
        service: 'sms-voice',
        region: this.settings.region,
        // Signed here, sent by the connection.
        headers: { ...headers, host: this.parts.host },
        body,
      },
      { accessKeyId, secretAccessKey },
    );
    return { ...headers, authorization: String(signed.headers?.['Authorization']) };
  }
}

function endpointOf({ endpoint, region }: AwsSettings): string {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return endpoint ?? `https://sms-voice.${region}.${domain}`;
}

export const aws: SmsProviderFactory<AwsSettings> = {
  channel: 'sms',
  type: 'aws',
  endpointsOf: (settings) => [endpointOf(settings)],
  create: (settings) => {
    const { accessKeyId, secretAccessKey, topicArns, ca, requestTimeoutMs: timeoutMs } = settings;
    const { origin, host } = new URL(endpointOf(settings));
    const fetch =
      accessKeyId === undefined || secretAccessKey === undefined
        ? credentialsOfMachine(timeoutMs)
        : () =>
            Promise.resolve({ value: { accessKeyId, secretAccessKey }, servesMs: Number.POSITIVE_INFINITY });
    return new AwsProvider(settings, {
      // Origin only: a path would invalidate the signature.
      client: connectTo({ endpoint: origin, ca }),
      host,
      credentials: new AccessTokens<AwsCredentials>({ fetch }),
      verifier:
        topicArns.length === 0
          ? undefined
          : new SnsVerifier({ topicArns, timeoutMs, ca, endpoint: settings.snsEndpoint }),
    });
  },
};
