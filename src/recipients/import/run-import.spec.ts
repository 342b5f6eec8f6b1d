import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import type { ImportRow } from './import-row.js';
import { runImport } from './run-import.js';

async function* rows(count: number): AsyncGenerator<ImportRow> {
  for (let line = 1; line <= count; line++) yield { line, value: line };
}
const never = new AbortController().signal;
const takeAny = async (): Promise<void> => undefined;
const takeSome = async (value: unknown): Promise<void> => {
  if (value === 2)
    throw new GatewayError('DEVICE.INVALID_BODY', { errors: [{ path: 'uid', problem: 'is bad' }] });
  if (value === 3) throw new GatewayError('CONTACT.READ_ONLY');
};
const silent = { bad: () => undefined, progress: () => undefined };

describe('runImport', () => {
  it('imports every row once, in order, and reports progress', async () => {
    const taken: unknown[] = [];
    const reported: number[] = [];
    const take = async (value: unknown): Promise<void> => void taken.push(value);
    const report = { ...silent, progress: (count: number) => void reported.push(count) };
    expect(await runImport(rows(600), take, report, never)).toEqual({ rows: 600, bad: 0 });
    expect(taken).toEqual(Array.from({ length: 600 }, (_, i) => i + 1));
    expect(reported).toEqual([250, 500, 600]);
  });

  it('reports bad rows in order and continues', async () => {
    const bad: string[] = [];
    const report = {
      ...silent,
      bad: (line: number, faults: readonly { path: string; problem: string }[]) =>
        void bad.push(...faults.map(({ path, problem }) => `${line} ${path} ${problem}`)),
    };
    expect(await runImport(rows(4), takeSome, report, never)).toEqual({ rows: 4, bad: 2 });
    expect(bad).toEqual(['2 uid is bad', '3  This app does not let clients change their contact.']);
  });

  it.each([new Error('connection terminated'), new GatewayError('SERVICE.UNAVAILABLE')])(
    'aborts the import on %s',
    async (fault) => {
      await expect(runImport(rows(1), () => Promise.reject(fault), silent, never)).rejects.toBe(fault);
    },
  );

  it('stops after the current batch when aborted', async () => {
    expect(await runImport(rows(1_000), takeAny, silent, AbortSignal.abort())).toEqual({ rows: 250, bad: 0 });
  });
});
