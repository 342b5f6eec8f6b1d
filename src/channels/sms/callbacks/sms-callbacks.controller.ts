import { Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiConsumes, ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProviderUnavailable } from '../../../domain/outcome.js';
import { AllowAccess } from '../../../platform/auth/access.js';
import { WrongCredentials } from '../../../platform/auth/wrong-credentials.js';
import { PROCESS_SETTINGS } from '../../../platform/config/config.module.js';
import type { ProcessSettings } from '../../../platform/config/process-settings.js';
import type { SmsProviderSettings } from '../../../platform/config/sms-provider-settings.js';
import { GatewayError } from '../../../platform/errors/gateway-error.js';
import { ApiErrors } from '../../../platform/http/api-errors.js';
import { toGatewayError } from '../../../platform/http/error.filter.js';
import { within } from '../../../platform/timing/within.js';
import {
  UnreadableCallback,
  type CallbackReader,
  type CallbackRequest,
  type VendorListener,
} from '../../../providers/callback.js';
import { ProviderRegistry } from '../../../providers/provider-registry.js';
import { QueueUnavailable } from '../../../queue/job-queue.js';
import { CallbackNonceRepository, type NoncedRequest } from './callback-nonce.repository.js';
import { CallbackTimesRepository } from './callback-times.repository.js';
import { isGenuine, readCallback } from './callback-request.js';
import { VendorReports } from './vendor-reports.js';

/** Vendors wait at least 10 s. A callback not stored within this time is refused, so that they retry. */
const STORE_WITHIN_MS = 5_000;
const RETRY_AFTER_S = 5;

const ANSWER = { contentType: 'application/json', body: '{}' };

const ERRORS = ['CALLBACK.INVALID_BODY', 'CALLBACK.NOT_STORED', 'REQUEST.TOO_LARGE'] as const;
const DESCRIPTION =
  'Verified by the vendor’s signature if its key is configured, otherwise by `callbackSecret` in the URL. ' +
  'Answered in the vendor’s format once it is stored. Repeated callbacks count once.';

/** Callbacks of SMS vendors. The URL of such a request may contain a secret and is never logged. */
@ApiTags('callbacks')
@ApiParam({ name: 'appId', example: 'app123' })
@ApiParam({ name: 'providerId', example: 'twilio' })
@ApiQuery({ name: 'secret', required: false, description: 'The provider’s `callbackSecret`.' })
@Controller('callbacks/:appId/sms/:providerId')
export class SmsCallbacksController {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly reports: VendorReports,
    private readonly wrong: WrongCredentials,
    private readonly nonces: CallbackNonceRepository,
    private readonly times: CallbackTimesRepository,
    @Inject(PROCESS_SETTINGS) private readonly settings: ProcessSettings,
  ) {}

  @Post('status')
  @HttpCode(200)
  @AllowAccess('vendor')
  @ApiErrors(...ERRORS)
  @ApiConsumes('application/json', 'application/x-www-form-urlencoded')
  @ApiOperation({ summary: 'Receive delivery reports', description: DESCRIPTION })
  @ApiOkResponse({ description: 'Stored.' })
  postStatus(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.take(request, reply, statusOf);
  }

  @Get('status')
  @AllowAccess('vendor')
  @ApiErrors(...ERRORS)
  @ApiOperation({ summary: 'Receive a delivery report in the query', description: DESCRIPTION })
  @ApiOkResponse({ description: 'Stored.' })
  getStatus(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.take(request, reply, statusOf);
  }

  @Post('inbound')
  @HttpCode(200)
  @AllowAccess('vendor')
  @ApiErrors(...ERRORS)
  @ApiConsumes('application/json', 'application/x-www-form-urlencoded')
  @ApiOperation({ summary: 'Receive an inbound SMS', description: DESCRIPTION })
  @ApiOkResponse({ description: 'Stored, or nothing to store.' })
  postInbound(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.take(request, reply, inboundOf);
  }

  @Get('inbound')
  @AllowAccess('vendor')
  @ApiErrors(...ERRORS)
  @ApiOperation({ summary: 'Receive an inbound SMS in the query', description: DESCRIPTION })
  @ApiOkResponse({ description: 'Stored, or nothing to store.' })
  getInbound(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.take(request, reply, inboundOf);
  }

  private async take(request: FastifyRequest, reply: FastifyReply, read: Read): Promise<void> {
    const { appId, provider, reader } = this.accountOf(request);
    const callback = readCallback(request, this.settings.publicUrl);
    const refuse = (): GatewayError =>
      this.wrong.count(request, 'callback', callback.secret, new GatewayError('CALLBACK.INVALID_SIGNATURE'));
    if (!(await verified(isGenuine(callback, reader, provider.callbackSecret)))) throw refuse();
    const deliver = readable(() => read(reader, callback.request));
    const work = (): Promise<void> => deliver(this.reports.of(appId, provider.id));
    const nonce = reader.nonceOf?.(callback.request);
    if (!nonce) await stored(work());
    else {
      const nonced = { appId, provider: provider.id, nonce, request: callback.request };
      if (!(await stored(this.once(nonced, work)))) throw refuse();
    }
    this.times.note(appId, provider.id);
    const { contentType, body } = reader.answer ?? ANSWER;
    await reply.code(200).type(contentType).send(body);
  }

  /** @returns false if a request with this nonce was already processed. */
  private async once(nonced: NoncedRequest, work: () => Promise<void>): Promise<boolean> {
    if (!(await this.nonces.claim(nonced))) return false;
    await work();
    await this.nonces.take(nonced);
    return true;
  }

  private accountOf({ caller }: FastifyRequest): {
    appId: string;
    provider: SmsProviderSettings;
    reader: CallbackReader;
  } {
    if (caller.kind !== 'vendor') throw new GatewayError('AUTH.FORBIDDEN');
    const { appId } = caller.app;
    const reader = this.registry.smsProvider(appId, caller.provider.id)?.callbacks;
    if (!reader) throw new GatewayError('CALLBACK.UNKNOWN');
    return { appId, provider: caller.provider, reader };
  }
}

/** Reads a callback. @returns a function that passes its content to a listener. */
type Read = (reader: CallbackReader, request: CallbackRequest) => (to: VendorListener) => Promise<void>;

const statusOf: Read = (reader, request) => {
  const reports = reader.readStatus(request);
  return (to) => to.reports(reports);
};

const inboundOf: Read = (reader, request) => {
  if (!reader.readInbound) throw new GatewayError('CALLBACK.UNKNOWN');
  const messages = reader.readInbound(request);
  return (to) => to.inbound(messages);
};

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof UnreadableCallback) throw new GatewayError('CALLBACK.INVALID_BODY', { cause });
    throw cause;
  }
}

const notStored = (cause: unknown): GatewayError =>
  new GatewayError('CALLBACK.NOT_STORED', { cause, retryAfterSeconds: RETRY_AFTER_S });

/** @throws GatewayError `CALLBACK.NOT_STORED` if the vendor's key cannot be fetched now. */
function verified(genuine: Promise<boolean>): Promise<boolean> {
  return genuine.catch((error: unknown) => {
    throw error instanceof ProviderUnavailable ? notStored(error) : error;
  });
}

/** @throws GatewayError `CALLBACK.NOT_STORED` if the store is unavailable or too slow. */
async function stored<T>(work: Promise<T>): Promise<T> {
  try {
    return await within(STORE_WITHIN_MS, work, notStored);
  } catch (error) {
    const isUnavailable =
      error instanceof QueueUnavailable || toGatewayError(error).code === 'SERVICE.UNAVAILABLE';
    throw isUnavailable ? notStored(error) : error;
  }
}
