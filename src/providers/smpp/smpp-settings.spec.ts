import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { SmppSettings } from './smpp-settings.js';

const faults = (over: object): string[] => {
  const block = {
    id: 'smpp',
    type: 'smpp',
    host: 'smsc.example.com',
    systemId: 'me',
    password: 'x',
    from: '12345',
  };
  return validateSync(plainToInstance(SmppSettings, { ...block, ...over })).map(({ property }) => property);
};

describe('SmppSettings', () => {
  it.each([
    undefined,
    'smpp://smsc.example.com:2775',
    'smpps://smsc.example.com:3550',
    'smpp://127.0.0.1:2775',
    'smpp://[::1]:2775',
    'smpp://localhost',
    'smpp://smsc',
  ])('accepts the endpoint %s', (endpoint) => {
    expect(faults(endpoint === undefined ? {} : { endpoint })).toEqual([]);
  });

  it('requires a host only without an endpoint', () => {
    expect(faults({ host: undefined, endpoint: 'smpp://smsc.example.com:2775' })).toEqual([]);
    expect(faults({ host: undefined })).toEqual(['host']);
    expect(faults({ host: '' })).toEqual(['host']);
  });

  it.each([
    'http://smsc.example.com:2775',
    'https://smsc.example.com',
    'smsc.example.com:2775',
    'smpp://',
    'smpp://me:secret@smsc.example.com:2775',
    'smpp://smsc.example.com:99999',
    'smpp://smsc.example.com:2775?tls=1',
    'ssmpp://smsc.example.com',
    5,
  ])('rejects the endpoint %s', (endpoint) => {
    expect(faults({ endpoint })).toEqual(['endpoint']);
  });

  it.each([
    { systemId: 'sixteen-letters!' },
    { systemType: 'thirteen-char' },
    { serviceType: 'longer' },
    { sourceTon: 7 },
    { sourceNpi: 19 },
    { windowSize: 0 },
    { windowSize: 1_001 },
    { port: 0 },
    { receiptIds: 'octal' },
    { bind: 'receiver' },
    { alphabet: 'utf8' },
    { throughputCounts: 'bytes' },
  ])('rejects %j', (over) => {
    expect(faults(over)).toEqual(Object.keys(over));
  });
});
