import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { CredentialProofs, type CredentialInUse } from '../../../src/channels/credential-proofs.js';
import { ProvenCredentialRepository } from '../../../src/deliveries/proven-credential.repository.js';
import { ProviderRegistry } from '../../../src/providers/provider-registry.js';
import { apns } from '../../../src/providers/apns/apns.provider.js';
import { parseGatewayConfig } from '../../../src/platform/config/load-gateway-config.js';
import { PROVIDER_TYPES } from '../../../src/providers/provider-types.js';
import { prismaOn } from '../../support/database.js';
import { newApnsKey } from '../../support/apns-server.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';

let postgres: TestPostgres;
let sql: pg.Pool;
const registries: ProviderRegistry[] = [];
beforeAll(async () => {
  postgres = await startPostgres();
  sql = new pg.Pool({ connectionString: postgres.url, max: 4 });
  sql.on('error', () => undefined);
});
afterAll(async () => {
  await Promise.all(registries.map((registry) => registry.onApplicationShutdown()));
  await sql.end();
  await postgres.close();
});

const key = newApnsKey();

/** The proofs and the credential of a process with this signing key. */
function aProcess(signingKey = key): { proofs: CredentialProofs; credential: CredentialInUse } {
  const { publicKey: _, ...secrets } = signingKey;
  const app = {
    appId: 'app123',
    region: 'us',
    webhook: { basicAuth: [{ username: 'u', password: 'p' }] },
    push: { providers: [{ id: 'default', type: 'apns', bundleId: 'com.example.app', ...secrets }] },
  };
  const { config, faults } = parseGatewayConfig({ apps: [app] }, '.', {}, PROVIDER_TYPES);
  expect(faults).toEqual([]);
  const registry = new ProviderRegistry(config, [apns]);
  registries.push(registry);
  const provider = registry.pushProvider('app123', 'default', { transport: 'apns', environment: undefined });
  if (!provider) throw new Error('The provider is missing.');
  const proofs = new CredentialProofs(registry, new ProvenCredentialRepository(prismaOn(sql)));
  return { proofs, credential: { provider, scope: 'apns_ios_device' } };
}

describe('a proven credential', () => {
  it('is known to every process once its vendor has accepted a push', async () => {
    const [first, second] = [aProcess(), aProcess()];
    expect(await first.proofs.hasWorked(first.credential)).toBe(false);
    await first.proofs.worked(first.credential);
    expect(await first.proofs.hasWorked(first.credential)).toBe(true);
    expect(await second.proofs.hasWorked(second.credential)).toBe(true);
    const later = aProcess();
    expect(await later.proofs.hasWorked(later.credential)).toBe(true);
  });

  it('does not prove another credential or scope', async () => {
    const worked = aProcess();
    await worked.proofs.worked(worked.credential);
    const other = aProcess(newApnsKey());
    expect(await other.proofs.hasWorked(other.credential)).toBe(false);
    expect(await worked.proofs.hasWorked({ ...worked.credential, scope: 'another' })).toBe(false);
  });

  it('is stored as a hash', async () => {
    const { proofs, credential } = aProcess();
    await proofs.worked(credential);
    const { rows } = await sql.query<{ credential: Buffer }>('SELECT credential FROM proven_credential');
    expect(rows.map((row) => row.credential.length)).toEqual([32]);
  });
});
