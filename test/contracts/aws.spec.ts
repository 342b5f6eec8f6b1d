import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AwsSettings } from '../../src/providers/aws/aws-settings.js';
import { AWS_CODES, AWS_FIELDS } from '../../src/providers/aws/aws-errors.js';
import { aws } from '../../src/providers/aws/aws.provider.js';
import { awsAnswer, awsError, startAwsServer, type AwsServer } from '../support/aws-server.js';
import { closeAfterEach } from '../support/close-after-each.js';
import { until } from '../support/until.js';
import {
  BARE_STATUSES,
  CONTEXT,
  DEAD,
  MISCONFIGURED,
  OUT_OF_CREDIT,
  overQuota,
  proxyPage,
  refused,
  smsVendor,
  UNAVAILABLE,
} from './sms-vendor.fixture.js';

const closeLater = closeAfterEach();
const { keepsContracts, start, message, mapsEach } = smsVendor({
  factory: aws,
  Settings: AwsSettings,
  startServer: startAwsServer,
  play: awsAnswer,
  account: ({ region, accessKeyId, secretAccessKey, url }) => ({
    ...{ region, accessKeyId, secretAccessKey },
    ...{ from: '+12065550152', snsEndpoint: url },
  }),
  badCredentials: { secretAccessKey: 'wrong' },
  secret: ({ secretAccessKey }) => secretAccessKey,
});
keepsContracts();

describe('the AWS provider', () => {
  it('sends every field of an SMS', async () => {
    const { received, send } = await start({ configurationSet: 'bellhop' });
    expect(await send()).toMatchObject({
      outcome: 'accepted',
      vendorMessageId: expect.stringMatching(/^862a8790-60c0-4430-9b2b-\d{12}$/),
    });
    expect(received).toEqual([
      {
        DestinationPhoneNumber: message.address.phno,
        OriginationIdentity: '+12065550152',
        MessageBody: message.text,
        MessageType: 'TRANSACTIONAL',
        ConfigurationSetName: 'bellhop',
        TimeToLive: 3_600,
        Context: { reference: message.reference },
      },
    ]);
  });

  it.each([
    ['the origination identity in place of a sender', 'pool-0123456789abcdef'],
    ['neither sender nor identity where none is set', undefined],
  ])('sends %s', async (_, originationIdentity) => {
    const { received, send } = await start({ from: undefined, originationIdentity });
    expect(await send()).toMatchObject({ outcome: 'accepted' });
    expect(received[0]?.OriginationIdentity).toBe(originationIdentity);
    expect(received[0]).not.toHaveProperty('ConfigurationSetName');
  });

  it.each([
    [1, 5],
    [5, 5],
    [86_400, 86_400],
    [999_999, 259_200],
  ])('limits a lifetime of %i seconds to what AWS allows: %i', async (validForSeconds, expected) => {
    const { received, send } = await start();
    await send({ validForSeconds });
    expect(received[0]?.TimeToLive).toBe(expected);
  });

  const ROWS: Readonly<Record<string, object>> = {
    'ConflictException:DESTINATION_PHONE_NUMBER_OPTED_OUT': refused('opted_out'),
    'ConflictException:DESTINATION_PHONE_NUMBER_NOT_VERIFIED': refused('message_refused'),
    'ConflictException:DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE':
      refused('message_refused'),
    'ConflictException:DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION': refused('country_not_allowed'),
    'ValidationException:DESTINATION_COUNTRY_BLOCKED': refused('country_not_allowed'),
    'ValidationException:COUNTRY_NOT_ENABLED': refused('country_not_allowed'),
    'ValidationException:INTERNATIONAL_SENDING_NOT_SUPPORTED': refused('country_not_allowed'),
    'ValidationException:MAXIMUM_SIZE_EXCEEDED': refused('message_too_large'),
    'ValidationException:PRICE_OVER_THRESHOLD': refused('message_refused'),
    'ValidationException:OTHER': refused('message_refused'),
    ValidationException: refused('message_refused'),
    RequestEntityTooLarge: refused('message_too_large'),
    ThrottlingException: overQuota(1_000),
    Throttling: overQuota(1_000),
    TooManyRequestsException: overQuota(1_000),
    RequestLimitExceeded: overQuota(1_000),
    'ServiceQuotaExceededException:DAILY_NOTIFY_TIER_MESSAGE_LIMIT': overQuota(900_000),
    ServiceQuotaExceededException: overQuota(900_000),
    'ServiceQuotaExceededException:MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT': OUT_OF_CREDIT,
    'ServiceQuotaExceededException:MONTHLY_SPEND_LIMIT_REACHED_FOR_MEDIA': OUT_OF_CREDIT,
    'ServiceQuotaExceededException:MONTHLY_SPEND_LIMIT_REACHED_FOR_NOTIFY': OUT_OF_CREDIT,
    'ServiceQuotaExceededException:MONTHLY_SPEND_LIMIT_REACHED_FOR_RCS': OUT_OF_CREDIT,
    AccessDeniedException: MISCONFIGURED,
    'AccessDeniedException:ACCOUNT_DISABLED': MISCONFIGURED,
    'AccessDeniedException:INSUFFICIENT_ACCOUNT_REPUTATION': MISCONFIGURED,
    ResourceNotFoundException: MISCONFIGURED,
    ConflictException: MISCONFIGURED,
    'ConflictException:NO_ORIGINATION_IDENTITIES_FOUND': MISCONFIGURED,
    'ConflictException:NUMBER_CAPABILITIES_MISMATCH': MISCONFIGURED,
    'ConflictException:MESSAGE_TYPE_MISMATCH': MISCONFIGURED,
    'ConflictException:RESOURCE_NOT_ACTIVE': MISCONFIGURED,
    'ConflictException:PHONE_NUMBER_NOT_IN_REGISTRATION_REGION': MISCONFIGURED,
    'ConflictException:REGISTRATION_NOT_COMPLETE': MISCONFIGURED,
    'ValidationException:INVALID_IDENTITY_FOR_DESTINATION_COUNTRY': MISCONFIGURED,
    'ValidationException:COUNTRY_CODE_MISMATCH': MISCONFIGURED,
    'ValidationException:SENDER_ID_NOT_REGISTERED': MISCONFIGURED,
    'ValidationException:SENDER_ID_NOT_SUPPORTED': MISCONFIGURED,
    'ValidationException:SENDER_ID_REQUIRES_REGISTRATION': MISCONFIGURED,
    'ValidationException:CHANNEL_NOT_ENABLED': MISCONFIGURED,
    'ValidationException:INVALID_ARN': MISCONFIGURED,
    'ValidationException:INVALID_REQUEST': MISCONFIGURED,
    'ValidationException:MISSING_PARAMETER': MISCONFIGURED,
    'ValidationException:PARAMETERS_CANNOT_BE_USED_TOGETHER': MISCONFIGURED,
    'ValidationException:RESOURCE_NOT_ACCESSIBLE': MISCONFIGURED,
    'ValidationException:UNKNOWN_OPERATION': MISCONFIGURED,
    'ValidationException:UNSPECIFIED_PARAMETER_NOT_SUPPORTED': MISCONFIGURED,
    ExpiredTokenException: MISCONFIGURED,
    IncompleteSignature: MISCONFIGURED,
    InvalidClientTokenId: MISCONFIGURED,
    InvalidSignatureException: MISCONFIGURED,
    MissingAuthenticationToken: MISCONFIGURED,
    MissingAuthenticationTokenException: MISCONFIGURED,
    NotAuthorized: MISCONFIGURED,
    OptInRequired: MISCONFIGURED,
    RequestExpired: MISCONFIGURED,
    SerializationException: MISCONFIGURED,
    SignatureDoesNotMatch: MISCONFIGURED,
    UnknownOperationException: MISCONFIGURED,
    UnrecognizedClientException: MISCONFIGURED,
    InternalFailure: UNAVAILABLE,
    InternalServerException: UNAVAILABLE,
    ServiceUnavailable: UNAVAILABLE,
    ServiceUnavailableException: UNAVAILABLE,
  };

  it('lists the outcome of every error', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(AWS_CODES));
  });

  mapsEach('error %s', Object.entries(ROWS), (code) => {
    const [type = '', reason] = code.split(':');
    return [[awsError(400, type, reason === undefined ? {} : { Reason: reason }), code]];
  });

  const FIELDS: Readonly<Record<string, object>> = {
    DestinationPhoneNumber: DEAD,
    MessageBody: refused('message_refused'),
    OriginationIdentity: MISCONFIGURED,
    ConfigurationSetName: MISCONFIGURED,
    TimeToLive: MISCONFIGURED,
    Context: MISCONFIGURED,
  };

  it('lists the outcome of every field that AWS may reject', () => {
    expect(Object.keys(FIELDS)).toEqual(Object.keys(AWS_FIELDS));
  });

  mapsEach('a rejected field: %s', Object.entries(FIELDS), (field) =>
    ['INVALID_PARAMETER', 'FIELD_VALIDATION_FAILED', 'OTHER', undefined].map((Reason) => {
      const Fields = [
        { Name: 'Unheard', Message: '' },
        { Name: field, Message: '+14155550100 is wrong' },
      ];
      return [awsError(400, 'ValidationException', { Reason, Fields }), `ValidationException:${field}`];
    }),
  );

  it('maps an unknown reason by the type of the error', async () => {
    const { answerWith, send } = await start();
    answerWith(awsError(400, 'ConflictException', { Reason: 'NEW_REASON' }));
    expect(await send()).toMatchObject({ ...MISCONFIGURED, vendorCode: 'ConflictException:NEW_REASON' });
    answerWith(awsError(400, 'ThrottlingException', { Reason: 'no word: +14155550100' }));
    expect(await send()).toMatchObject({ ...overQuota(1_000), vendorCode: 'ThrottlingException' });
  });

  it('reads the type of an error from the header as well', async () => {
    const { answerWith, send } = await start();
    const headers = { 'x-amzn-errortype': 'AccessDeniedException:http://internal.amazon.com/coral/' };
    answerWith({ status: 403, headers, body: '' });
    expect(await send()).toMatchObject({ ...MISCONFIGURED, vendorCode: 'AccessDeniedException' });
  });

  mapsEach(
    'HTTP status %s without a known error type',
    [...BARE_STATUSES, [422, MISCONFIGURED]],
    (status) => [
      [proxyPage(status), String(status)],
      [awsError(status, 'UnheardException'), 'UnheardException'],
    ],
  );
});

describe('a check of the AWS provider', () => {
  it('validates an SMS and sends nothing', async () => {
    const { server, provider, received } = await start({ configurationSet: 'bellhop' });
    expect(await provider.check(CONTEXT.signal)).toEqual({
      outcome: 'ok',
      code: null,
      text: 'AWS accepts the account and its sender.',
      clockSkewMs: expect.any(Number),
    });
    expect(received).toEqual([]);
    expect(server.script.asked).toBe(0);
    expect(server.dryRuns).toMatchObject([
      {
        DestinationPhoneNumber: '+14254147755',
        OriginationIdentity: '+12065550152',
        ConfigurationSetName: 'bellhop',
        DryRun: true,
      },
    ]);
  });

  it.each([
    ['a wrong secret', { secretAccessKey: 'wrong' }, 'InvalidSignatureException'],
    ['an unknown key', { accessKeyId: 'AKIAUNKNOWN' }, 'UnrecognizedClientException'],
  ])('fails with %s', async (_, over, code) => {
    const { server, provider } = await start(over);
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome: 'failed', code });
    expect(server.dryRuns).toEqual([]);
  });

  const refusedFor = (type: string, Reason: string): ReturnType<typeof awsError> =>
    awsError(400, type, { Reason });
  const SPENT = 'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT';
  const UNVERIFIED = 'DESTINATION_PHONE_NUMBER_NOT_VERIFIED';
  const NO_SENDER = 'NO_ORIGINATION_IDENTITIES_FOUND';

  it.each([
    ['no permission', awsError(400, 'AccessDeniedException'), 'failed', 'AccessDeniedException'],
    ['an unknown sender', awsError(400, 'ResourceNotFoundException'), 'failed', 'ResourceNotFoundException'],
    [
      'the spending limit',
      refusedFor('ServiceQuotaExceededException', SPENT),
      'failed',
      `ServiceQuotaExceededException:${SPENT}`,
    ],
    ['the sandbox', refusedFor('ConflictException', UNVERIFIED), 'failed', `ConflictException:${UNVERIFIED}`],
    ['no sender', refusedFor('ConflictException', NO_SENDER), 'unknown', `ConflictException:${NO_SENDER}`],
    ['a fault of AWS', awsError(503, 'ServiceUnavailable'), 'unknown', 'ServiceUnavailable'],
    ['too many requests', awsError(400, 'ThrottlingException'), 'unknown', 'ThrottlingException'],
    ['a refused SMS', awsError(400, 'ValidationException'), 'unknown', 'ValidationException'],
    ['a proxy page', proxyPage(200), 'unknown', 'invalid_answer'],
  ] as const)('finds %s', async (_, answer, outcome, code) => {
    const { server, provider } = await start();
    server.answerDryRunsWith(answer);
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome, code });
  });

  it.each(['COUNTRY_NOT_ENABLED', 'SENDER_ID_NOT_SUPPORTED'])(
    'is content with a refusal for the United States only: %s',
    async (reason) => {
      const { server, provider } = await start();
      server.answerDryRunsWith(refusedFor('ValidationException', reason));
      const found = await provider.check(CONTEXT.signal);
      expect(found).toMatchObject({ outcome: 'ok', code: null, text: expect.stringContaining(reason) });
    },
  );
});

const saved = { ...process.env };
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
  Object.assign(process.env, saved);
});

interface Role {
  fetches: number;
  keys: () => object | undefined;
}
/** A container's credentials endpoint. */
async function startRole(keys: Role['keys']): Promise<Role> {
  const role: Role = { fetches: 0, keys };
  const server = createServer((_, response) => {
    role.fetches += 1;
    const found = role.keys();
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeLater({ close: () => new Promise((resolve) => server.close(resolve)) });
  const { port } = server.address() as AddressInfo;
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/role`,
    AWS_CONFIG_FILE: '/nonexistent/config',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  return role;
}

function issue(server: AwsServer, n: number, lifeMs: number): object {
  const key = { secret: `role-secret-${n}`, sessionToken: `role/session+${n}==` };
  server.keys.set(`ASIAROLE${n}`, key);
  return {
    AccessKeyId: `ASIAROLE${n}`,
    SecretAccessKey: key.secret,
    Token: key.sessionToken,
    Expiration: new Date(Date.now() + lifeMs).toISOString(),
  };
}

/** The AWS provider without configured keys. */
async function startByRole(
  lifeMs: number,
): Promise<Awaited<ReturnType<typeof start>> & { readonly role: Role }> {
  const started = await start({ accessKeyId: undefined, secretAccessKey: undefined });
  const role = await startRole(() => issue(started.server, role.fetches, lifeMs));
  return { ...started, role };
}

describe('the AWS provider with the role of the machine', () => {
  it('signs the session token, and fetches it once for concurrent sends', async () => {
    const { received, send, role } = await startByRole(3_600_000);
    const results = await Promise.all(Array.from({ length: 20 }, () => send()));
    for (const result of results) expect(result).toMatchObject({ outcome: 'accepted' });
    expect(received).toHaveLength(20);
    expect(role.fetches).toBe(1);
  });

  it('fetches new credentials before the old ones expire', async () => {
    const { received, send, role } = await startByRole(120_000);
    await send();
    expect(role.fetches).toBe(1);
    await send();
    await until(
      () => role.fetches >= 2,
      () => role.fetches,
    );
    expect(received).toHaveLength(2);
  });

  it('fetches new credentials after AWS ended a session that had worked', async () => {
    const { server, send, role } = await startByRole(3_600_000);
    await send();
    server.keys.clear();
    expect(await send()).toMatchObject({
      name: 'ProviderUnavailable',
      mayHaveBeenSent: false,
      vendorCode: 'UnrecognizedClientException',
    });
    expect(await send()).toMatchObject({ outcome: 'accepted' });
    expect(role.fetches).toBe(2);
  });

  it('is misconfigured if the machine has no credentials', async () => {
    const { server, send, role } = await startByRole(3_600_000);
    role.keys = () => undefined;
    const error = await send();
    expect(error).toMatchObject({ name: 'ProviderMisconfigured', vendorCode: 'no_credentials' });
    expect(String((error as Error).stack)).not.toContain('127.0.0.1');
    expect(server.script.asked).toBe(0);
  });

  it('is checked with the credentials of the role', async () => {
    const { server, provider, role } = await startByRole(3_600_000);
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome: 'ok' });
    // AWS ends the session: the check fetches a new one.
    server.keys.clear();
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome: 'ok' });
    expect(role.fetches).toBe(2);
    server.keys.clear();
    role.keys = () => undefined;
    const missing = { outcome: 'unknown', code: 'no_credentials' };
    expect(await provider.check(CONTEXT.signal)).toMatchObject(missing);
  });
});
