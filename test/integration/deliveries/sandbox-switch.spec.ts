import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import { SandboxSwitchRepository } from '../../../src/deliveries/sandbox/sandbox-switch.repository.js';
import { PrismaClient } from '../../../src/platform/database/generated/client.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';
import { until } from '../../support/until.js';

const PUSH = { appId: 'app123', channel: 'push', provider: 'default' } as const;

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

describe('SandboxSwitchRepository', () => {
  it('is up until it is switched, and again after it is switched back', async () => {
    const switches = new SandboxSwitchRepository(database.prisma);
    expect(await switches.stateOf(PUSH)).toBe('up');
    await switches.set(PUSH, 'down');
    expect(await switches.stateOf(PUSH)).toBe('down');
    expect(await switches.stateOf({ ...PUSH, channel: 'sms' })).toBe('up');
    await switches.set(PUSH, 'slow');
    expect(await switches.stateOf(PUSH)).toBe('slow');
    await switches.set(PUSH, 'up');
    expect(await switches.stateOf(PUSH)).toBe('up');
    expect(await database.prisma.sandboxState.count()).toBe(0);
  });

  it('reaches another process within a second', async () => {
    const [here, there] = [0, 1].map(() => new SandboxSwitchRepository(database.prisma));
    expect(await there?.stateOf(PUSH)).toBe('up');
    const startedAt = performance.now();
    await here?.set(PUSH, 'refusing');
    await until(async () => (await there?.stateOf(PUSH)) === 'refusing');
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    await here?.set(PUSH, 'up');
  });

  it('reads once for many sends', async () => {
    const prisma = new PrismaClient({
      adapter: new PrismaPg({ connectionString: database.url }),
      log: [{ emit: 'event', level: 'query' }],
    });
    let queries = 0;
    prisma.$on('query', () => {
      queries += 1;
    });
    const switches = new SandboxSwitchRepository(prisma);
    await Promise.all(Array.from({ length: 500 }, () => switches.stateOf(PUSH)));
    expect(queries).toBe(1);
    await prisma.$disconnect();
  });
});
