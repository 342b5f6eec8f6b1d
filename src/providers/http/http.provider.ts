import { SendAborted, type SendResult } from '../../domain/outcome.js';
import type { HttpSmsSettings } from './http-settings.js';
import { TemplateFailed } from '../../platform/expressions/template.js';
import { connectTo } from '../http-client/connect-to.js';
import type { HttpClient } from '../http-client/http-client.js';
import type { CallbackReader } from '../callback.js';
import type { Checked, SendContext, SmsMessage, SmsProvider } from '../provider.js';
import type { SmsProviderFactory } from '../provider-factory.js';
import { requestOf } from '../vendor-request.js';
import { conclude, refuse } from '../verdict.js';
import { compileAnswer, type AnswerReader } from './http-answer.js';
import { httpCallbacks } from './http-callbacks.js';
import { compileCheck, type AccountCheck } from './http-check.js';
import { compileRequest, scopeOf, type RequestTemplate } from './http-request.js';

interface FilledRequest {
  readonly path: string;
  readonly body: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Any gateway with an HTTP API; the configuration describes its requests and responses.
 *
 * Idempotency depends on the gateway; one that detects duplicates can be sent `reference`.
 */
export class HttpSmsProvider implements SmsProvider {
  readonly callbacks: CallbackReader;
  readonly passesStatusUrl: boolean;

  constructor(
    private readonly settings: HttpSmsSettings,
    private readonly request: RequestTemplate,
    private readonly read: AnswerReader,
    private readonly checkAccount: AccountCheck,
    private readonly client: HttpClient,
  ) {
    this.callbacks = httpCallbacks(settings);
    const { url, body = '', headers } = settings;
    this.passesStatusUrl = JSON.stringify([url, body, headers]).includes('statusUrl');
  }

  async send(message: SmsMessage, context: SendContext): Promise<SendResult> {
    const { signal } = context;
    if (signal.aborted) throw new SendAborted();
    const filled = this.fill(message, context);
    // Specific to this SMS: it would fail again.
    if (!filled) return conclude(refuse('message_refused'), 'template_failed');
    const { method, requestTimeoutMs: timeoutMs } = this.settings;
    const answer = await requestOf(this.client, { method, ...filled, timeoutMs, signal });
    return this.read(answer, message.reference);
  }

  check(signal: AbortSignal): Promise<Checked> {
    return this.checkAccount(this.client, signal);
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private fill(message: SmsMessage, context: SendContext): FilledRequest | undefined {
    const scope = scopeOf(message, this.settings.from, context);
    const { path, body, headers } = this.request;
    try {
      return { path: path(scope), body: body?.(scope), headers: headers(scope) };
    } catch (error) {
      if (error instanceof TemplateFailed) return undefined;
      throw error;
    }
  }
}

export const httpSms: SmsProviderFactory<HttpSmsSettings> = {
  channel: 'sms',
  type: 'http',
  endpointsOf: (settings) => [settings.endpoint ?? compileRequest(settings).origin],
  create: (settings) => {
    const request = compileRequest(settings);
    const read = compileAnswer(settings);
    const check = compileCheck(settings, request.origin);
    const { endpoint = request.origin, ca } = settings;
    return new HttpSmsProvider(settings, request, read, check, connectTo({ endpoint, ca }));
  },
};
