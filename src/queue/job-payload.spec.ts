import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readPayload } from './job-payload.js';
import { JOB_POLICIES } from './jobs.js';

// Payloads as this version writes them; every later version must read them.
const DIRECTORY = 'test/fixtures/jobs/v1';
const fixtures = readdirSync(DIRECTORY).map((file) => {
  const { name, data } = JSON.parse(readFileSync(path.join(DIRECTORY, file), 'utf8')) as {
    name: string;
    data: Record<string, unknown>;
  };
  return [name, data] as const;
});

it('every kind of job with a payload has a fixture', () => {
  const names = Object.keys(JOB_POLICIES).filter(
    (name) => !['device.sweep', 'ledger.prune', 'replay.watch'].includes(name),
  );
  expect(fixtures.map(([name]) => name).toSorted()).toEqual(names.toSorted());
});

describe.each(fixtures)('a %s', (name, data) => {
  it('is read in version 1', () => expect(readPayload(name, data)).toEqual({ state: 'readable' }));

  it('is read with fields of a later version', () =>
    expect(readPayload(name, { ...data, colour: 'blue' })).toEqual({ state: 'readable' }));

  it('is left to newer code in a later version', () =>
    expect(readPayload(name, { v: 3, other: true })).toEqual({ state: 'newer', version: 3 }));

  it.each(Object.keys(data))('is senseless without its %s', (field) => {
    const { [field]: _left, ...rest } = data;
    // Optional in all but notifications.
    const state = field === 'kind' && !name.startsWith('notification.') ? 'readable' : 'senseless';
    expect(readPayload(name, rest).state).toBe(state);
    expect(readPayload(name, { ...rest, [field]: null }).state).toBe(state);
  });

  it.each([undefined, null, 'text', 7, [], {}, { ...data, v: '1' }, { ...data, v: 0 }])(
    'is senseless as %j',
    (nonsense) => expect(readPayload(name, nonsense).state).toBe('senseless'),
  );
});

it('an unknown kind of job is left to newer code', () => {
  expect(readPayload('push.recall', { v: 1 })).toEqual({ state: 'newer', version: 1 });
  expect(readPayload('toString', {})).toEqual({ state: 'newer', version: undefined });
});

it('a job without a payload is always readable', () => {
  expect(readPayload('ledger.prune', {})).toEqual({ state: 'readable' });
});
