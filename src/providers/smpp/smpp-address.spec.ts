import { describe, expect, it } from '@jest/globals';
import { destinationAddress, senderNumber, sourceAddress } from './smpp-address.js';

describe('addresses', () => {
  it.each([
    ['+15005550006', { address: '15005550006', ton: 1, npi: 1 }],
    ['15005550006', { address: '15005550006', ton: 1, npi: 1 }],
    ['+4512345', { address: '4512345', ton: 1, npi: 1 }],
    ['12345', { address: '12345', ton: 3, npi: 0 }],
    ['88888888', { address: '88888888', ton: 3, npi: 0 }],
    ['Bellhop', { address: 'Bellhop', ton: 5, npi: 0 }],
    ['4you', { address: '4you', ton: 5, npi: 0 }],
    ['+Plus', { address: '+Plus', ton: 5, npi: 0 }],
  ])('derives type and plan of the sender %s', (from, expected) => {
    expect(sourceAddress(from, {})).toEqual(expected);
  });

  it('overrides the type and plan of the sender by settings', () => {
    expect(sourceAddress('12345', { ton: 0, npi: 1 })).toEqual({ address: '12345', ton: 0, npi: 1 });
    expect(sourceAddress('12345', { npi: 9 })).toEqual({ address: '12345', ton: 3, npi: 9 });
  });

  it('formats the recipient as an international number', () => {
    expect(destinationAddress('+14155550100')).toEqual({ address: '14155550100', ton: 1, npi: 1 });
  });

  it.each([
    ['14155550100', 1, '+14155550100'],
    ['+14155550100', 1, '+14155550100'],
    ['14155550100', 0, '+14155550100'],
    ['12345', 0, '12345'],
    ['4155550100', 2, '4155550100'],
    ['12345', 3, '12345'],
    ['Bank', 5, 'Bank'],
  ])('converts inbound sender %s of type %i', (address, ton, expected) => {
    expect(senderNumber(address, ton)).toBe(expected);
  });
});
