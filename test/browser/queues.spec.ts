import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { QUEUES } from '../../src/queue/jobs.js';
import { expectNoAxeViolations, expectNoSidewaysScroll, useBrowser } from '../support/browser.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';

const browser = useBrowser();
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

describe('the page of the queues', () => {
  it('lists every queue with its jobs and workers', async () => {
    const page = await browser.open(gateway, '/queue-state');
    const table = page.getByRole('table', { name: 'Queues' });
    await table.waitFor();
    expect(await table.locator('tbody tr td:first-child').allTextContents()).toEqual([...QUEUES]);
    const row = table.getByRole('row').filter({ hasText: 'Pushes of calls' });
    const [, , state, waiting, active, delayed, deadLetters, oldest, workers] = await row
      .locator('td')
      .allTextContents();
    expect([state, waiting, active, delayed, deadLetters, oldest]).toEqual(['Idle', '0', '0', '0', '0', '–']);
    expect(workers).toBe('1');
    await expectNoAxeViolations(page);
    await expectNoSidewaysScroll(page);
  });

  it('leads to Bull Board, with the same login', async () => {
    const page = await browser.open(gateway, '/queue-state');
    const link = page.getByRole('link', { name: 'Open Bull Board' });
    expect(await link.getAttribute('href')).toBe('/admin/queues');
    const answer = await page.context().request.get('/admin/queues/api/queues');
    expect(answer.status()).toBe(200);
  });
});
