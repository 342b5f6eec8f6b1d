import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AwsSettings } from '../../src/platform/config/sms-provider-settings.js';
import { AWS_CODES, AWS_FIELDS } from '../../src/providers/aws/aws-errors.js';
import { aws } from '../../src/providers/aws/aws.provider.js';
import type { SendContext, SmsMessage, SmsProvider } from '../../src/providers/provider.js';
import { awsAnswer, awsError, startAwsServer, type AwsServer } from '../support/aws-server.js';
import type { VendorServerOptions } from '../support/vendor-server.js';
import { networkContract, providerContract, type Rig, type RigOptions } from './provider.contract.js';
import { until } from '../support/until.js';

const MESSAGE: SmsMessage = {
  address: { phno: '+14155550100' },
  text: 'Andrew Joseph: hällo & wie geht’s? 👍',
  encoding: 'ucs2',
  segments: 1,
  reference: '01234567-89ab-7def-8123-000000000001-1',
  validForSeconds: 3_600,
};
const CONTEXT: SendContext = {
  deliveryId: 'd-1',
  appId: 'app123',
  uid: 'uid-2',
  kind: 'sms',
  signal: new AbortController().signal,
};

function provide(
  server: Omit<AwsServer, 'ca'> & { ca?: string | undefined },
  over: Partial<AwsSettings> = {},
): SmsProvider {
  const settings = Object.assign(new AwsSettings(), {
    id: 'aws',
    type: 'aws',
    region: server.region,
    accessKeyId: server.accessKeyId,
    secretAccessKey: server.secretAccessKey,
    from: '+12065550152',
    endpoint: server.url,
    snsEndpoint: server.url,
    ...(server.ca === undefined ? {} : { ca: server.ca }),
  });
  return aws.create(Object.assign(settings, over));
}

const rig =
  (serverOptions: VendorServerOptions) =>
  async ({ timeoutMs, latencyMs, badCredentials, untrusted }: RigOptions = {}): Promise<Rig<SmsMessage>> => {
    const server = await startAwsServer({
      ...serverOptions,
      ...(latencyMs === undefined ? {} : { latencyMs }),
    });
    const provider = provide(untrusted ? { ...server, ca: undefined } : server, {
      ...(timeoutMs === undefined ? {} : { requestTimeoutMs: timeoutMs }),
      ...(badCredentials ? { secretAccessKey: 'wrong' } : {}),
    });
    return {
      provider,
      arrange: (scenario, told) => {
        server.script.answerWith(awsAnswer(scenario, told));
        return MESSAGE;
      },
      taken: () => server.script.received.length,
      secrets: [MESSAGE.address.phno, 'Andrew Joseph', server.secretAccessKey],
      network: {
        asked: () => server.script.asked,
        connections: () => server.vendor.connections,
        stopVendor: () => server.close(),
      },
      stop: async () => {
        await provider.close();
        await server.close();
      },
    };
  };

providerContract('aws over HTTP/1.1', rig({ http2: false }));
networkContract('aws over HTTP/1.1', rig({ http2: false }));
providerContract('aws over HTTP/2', rig({}));
networkContract('aws over HTTP/2', rig({}));

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function started(
  over: Partial<AwsSettings> = {},
): Promise<{ server: AwsServer; provider: SmsProvider }> {
  const server = await startAwsServer({ tls: false });
  const provider = provide(server, over);
  open.push(server, provider);
  return { server, provider };
}

const outcome = (provider: SmsProvider): Promise<unknown> =>
  provider.send(MESSAGE, CONTEXT).catch((error: unknown) => error);

describe('AWS', () => {
  it('is given the number, the sender, the text and what comes back in its events', async () => {
    const { server, provider } = await started({ configurationSet: 'bellhop' });
    await provider.send(MESSAGE, CONTEXT);
    expect(server.script.received).toEqual([
      {
        DestinationPhoneNumber: MESSAGE.address.phno,
        OriginationIdentity: '+12065550152',
        MessageBody: MESSAGE.text,
        MessageType: 'TRANSACTIONAL',
        ConfigurationSetName: 'bellhop',
        TimeToLive: 3_600,
        Context: { reference: MESSAGE.reference },
      },
    ]);
  });

  it('is given the identity in place of a sender, and picks one itself where there is neither', async () => {
    const { server, provider } = await started({ originationIdentity: 'pool-0123456789abcdef' });
    await provider.send(MESSAGE, CONTEXT);
    const none = Object.assign(new AwsSettings(), {
      id: 'aws',
      type: 'aws',
      region: server.region,
      accessKeyId: server.accessKeyId,
      secretAccessKey: server.secretAccessKey,
      endpoint: server.url,
    });
    const unnamed = aws.create(none);
    open.push(unnamed);
    await unnamed.send(MESSAGE, CONTEXT);
    expect(server.script.received.map(({ OriginationIdentity }) => OriginationIdentity)).toEqual([
      'pool-0123456789abcdef',
      undefined,
    ]);
    expect(server.script.received[1]).not.toHaveProperty('ConfigurationSetName');
  });

  it.each([
    [1, 5],
    [5, 5],
    [86_400, 86_400],
    [999_999, 259_200],
  ])('is asked to try for %i seconds as %i', async (validForSeconds, expected) => {
    const { server, provider } = await started();
    await provider.send({ ...MESSAGE, validForSeconds }, CONTEXT);
    expect(server.script.received[0]?.TimeToLive).toBe(expected);
  });

  it('answers with the id of the message', async () => {
    const { provider } = await started();
    await expect(provider.send(MESSAGE, CONTEXT)).resolves.toEqual({
      outcome: 'accepted',
      vendorMessageId: expect.stringMatching(/^862a8790-60c0-4430-9b2b-\d{12}$/),
    });
  });

  const refused = (reason: string, addressIsDead = false): object => ({
    outcome: 'refused',
    reason,
    addressIsDead,
  });
  const misconfigured = { name: 'ProviderMisconfigured', reason: 'provider_misconfigured' };
  const noCredit = { name: 'ProviderMisconfigured', reason: 'no_credit' };
  const overQuota = (retryAfterMs: number): object => ({ name: 'ProviderOverQuota', retryAfterMs });
  const unavailable = { name: 'ProviderUnavailable', mayHaveBeenSent: false };
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
    'ServiceQuotaExceededException:MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT': noCredit,
    'ServiceQuotaExceededException:MONTHLY_SPEND_LIMIT_REACHED_FOR_MEDIA': noCredit,
    'ServiceQuotaExceededException:MONTHLY_SPEND_LIMIT_REACHED_FOR_NOTIFY': noCredit,
    'ServiceQuotaExceededException:MONTHLY_SPEND_LIMIT_REACHED_FOR_RCS': noCredit,
    AccessDeniedException: misconfigured,
    'AccessDeniedException:ACCOUNT_DISABLED': misconfigured,
    'AccessDeniedException:INSUFFICIENT_ACCOUNT_REPUTATION': misconfigured,
    ResourceNotFoundException: misconfigured,
    ConflictException: misconfigured,
    'ConflictException:NO_ORIGINATION_IDENTITIES_FOUND': misconfigured,
    'ConflictException:NUMBER_CAPABILITIES_MISMATCH': misconfigured,
    'ConflictException:MESSAGE_TYPE_MISMATCH': misconfigured,
    'ConflictException:RESOURCE_NOT_ACTIVE': misconfigured,
    'ConflictException:PHONE_NUMBER_NOT_IN_REGISTRATION_REGION': misconfigured,
    'ConflictException:REGISTRATION_NOT_COMPLETE': misconfigured,
    'ValidationException:INVALID_IDENTITY_FOR_DESTINATION_COUNTRY': misconfigured,
    'ValidationException:COUNTRY_CODE_MISMATCH': misconfigured,
    'ValidationException:SENDER_ID_NOT_REGISTERED': misconfigured,
    'ValidationException:SENDER_ID_NOT_SUPPORTED': misconfigured,
    'ValidationException:SENDER_ID_REQUIRES_REGISTRATION': misconfigured,
    'ValidationException:CHANNEL_NOT_ENABLED': misconfigured,
    'ValidationException:INVALID_ARN': misconfigured,
    'ValidationException:INVALID_REQUEST': misconfigured,
    'ValidationException:MISSING_PARAMETER': misconfigured,
    'ValidationException:PARAMETERS_CANNOT_BE_USED_TOGETHER': misconfigured,
    'ValidationException:RESOURCE_NOT_ACCESSIBLE': misconfigured,
    'ValidationException:UNKNOWN_OPERATION': misconfigured,
    'ValidationException:UNSPECIFIED_PARAMETER_NOT_SUPPORTED': misconfigured,
    ExpiredTokenException: misconfigured,
    IncompleteSignature: misconfigured,
    InvalidClientTokenId: misconfigured,
    InvalidSignatureException: misconfigured,
    MissingAuthenticationToken: misconfigured,
    MissingAuthenticationTokenException: misconfigured,
    NotAuthorized: misconfigured,
    OptInRequired: misconfigured,
    RequestExpired: misconfigured,
    SerializationException: misconfigured,
    SignatureDoesNotMatch: misconfigured,
    UnknownOperationException: misconfigured,
    UnrecognizedClientException: misconfigured,
    InternalFailure: unavailable,
    InternalServerException: unavailable,
    ServiceUnavailable: unavailable,
    ServiceUnavailableException: unavailable,
  };

  it('has a test for every row of its table', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(AWS_CODES));
  });

  it.each(Object.entries(ROWS))('error %s', async (code, expected) => {
    const { server, provider } = await started();
    const [type = '', reason] = code.split(':');
    server.script.answerWith(awsError(400, type, reason === undefined ? {} : { Reason: reason }));
    expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: code });
  });

  const FIELDS: Readonly<Record<string, object>> = {
    DestinationPhoneNumber: refused('number_unreachable', true),
    MessageBody: refused('message_refused'),
    OriginationIdentity: misconfigured,
    ConfigurationSetName: misconfigured,
    TimeToLive: misconfigured,
    Context: misconfigured,
  };

  it('has a test for every field that may be objected to', () => {
    expect(Object.keys(FIELDS)).toEqual(Object.keys(AWS_FIELDS));
  });

  it.each(Object.entries(FIELDS))('an objection to the field %s', async (field, expected) => {
    const { server, provider } = await started();
    for (const Reason of ['INVALID_PARAMETER', 'FIELD_VALIDATION_FAILED', 'OTHER', undefined]) {
      const Fields = [
        { Name: 'Unheard', Message: '' },
        { Name: field, Message: '+14155550100 is wrong' },
      ];
      server.script.answerWith(awsError(400, 'ValidationException', { Reason, Fields }));
      const vendorCode = `ValidationException:${field}`;
      expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode });
    }
  });

  it('takes a reason that it does not know by the type of the error', async () => {
    const { server, provider } = await started();
    server.script.answerWith(awsError(400, 'ConflictException', { Reason: 'NEW_REASON' }));
    expect(await outcome(provider)).toMatchObject({
      ...misconfigured,
      vendorCode: 'ConflictException:NEW_REASON',
    });
    server.script.answerWith(awsError(400, 'ThrottlingException', { Reason: 'no word: +14155550100' }));
    expect(await outcome(provider)).toMatchObject({ ...overQuota(1_000), vendorCode: 'ThrottlingException' });
  });

  it('reads the type from the header as well', async () => {
    const { server, provider } = await started();
    const headers = { 'x-amzn-errortype': 'AccessDeniedException:http://internal.amazon.com/coral/' };
    server.script.answerWith({ status: 403, headers, body: '' });
    expect(await outcome(provider)).toMatchObject({ ...misconfigured, vendorCode: 'AccessDeniedException' });
  });

  const BARE = [
    [302, misconfigured],
    [400, refused('message_refused')],
    [401, misconfigured],
    [403, misconfigured],
    [404, misconfigured],
    [408, { name: 'ProviderUnavailable', mayHaveBeenSent: true }],
    [413, refused('message_too_large')],
    [429, overQuota(1_000)],
    [500, unavailable],
    [503, unavailable],
    [504, { name: 'ProviderUnavailable', mayHaveBeenSent: true }],
  ] as const;
  it.each(BARE)('status %i without a type that is known', async (status, expected) => {
    const { server, provider } = await started();
    server.script.answerWith({ status, body: '<html>no JSON</html>' });
    expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: String(status) });
    server.script.answerWith(awsError(status, 'UnheardException'));
    expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: 'UnheardException' });
  });
});

describe('AWS, by the role of the machine', () => {
  const saved = { ...process.env };
  afterEach(() => {
    for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
    Object.assign(process.env, saved);
  });

  interface Role {
    fetches: number;
    keys: () => object | undefined;
  }
  /** The endpoint from which a container has its credentials. */
  async function startRole(keys: Role['keys']): Promise<Role> {
    const role: Role = { fetches: 0, keys };
    const server = createServer((_, response) => {
      role.fetches += 1;
      const found = role.keys();
      response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(found ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => server.close(resolve)) });
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

  async function byRole(lifeMs: number): Promise<{ server: AwsServer; provider: SmsProvider; role: Role }> {
    const server = await startAwsServer({ tls: false });
    const role = await startRole(() => issue(server, role.fetches, lifeMs));
    const settings = Object.assign(new AwsSettings(), { id: 'aws', type: 'aws', region: server.region });
    const provider = aws.create(Object.assign(settings, { endpoint: server.url }));
    open.push(server, provider);
    return { server, provider, role };
  }

  it('signs the session token as well, and fetches once however many wait', async () => {
    const { server, provider, role } = await byRole(3_600_000);
    const results = await Promise.all(Array.from({ length: 20 }, () => provider.send(MESSAGE, CONTEXT)));
    expect(results.every((result) => result.outcome === 'accepted')).toBe(true);
    expect(server.script.received).toHaveLength(20);
    expect(role.fetches).toBe(1);
  });

  it('fetches anew ahead of the end, while the old ones serve', async () => {
    const { server, provider, role } = await byRole(120_000);
    await provider.send(MESSAGE, CONTEXT);
    expect(role.fetches).toBe(1);
    await provider.send(MESSAGE, CONTEXT);
    await until(
      () => role.fetches >= 2,
      () => role.fetches,
    );
    expect(server.script.received).toHaveLength(2);
  });

  it('fetches anew where AWS has ended a session that had served', async () => {
    const { server, provider, role } = await byRole(3_600_000);
    await provider.send(MESSAGE, CONTEXT);
    server.keys.clear();
    expect(await outcome(provider)).toMatchObject({
      name: 'ProviderUnavailable',
      mayHaveBeenSent: false,
      vendorCode: 'UnrecognizedClientException',
    });
    await expect(provider.send(MESSAGE, CONTEXT)).resolves.toMatchObject({ outcome: 'accepted' });
    expect(role.fetches).toBe(2);
  });

  it('is misconfigured where the machine has none', async () => {
    const { server, provider, role } = await byRole(3_600_000);
    role.keys = () => undefined;
    const error = await outcome(provider);
    expect(error).toMatchObject({ name: 'ProviderMisconfigured', vendorCode: 'no_credentials' });
    expect(String((error as Error).stack)).not.toContain('127.0.0.1');
    expect(server.script.asked).toBe(0);
  });
});
