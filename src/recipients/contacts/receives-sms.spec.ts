import { describe, expect, it } from '@jest/globals';
import { receivesSms } from './receives-sms.js';

describe('receivesSms', () => {
  it.each([
    ['a number of North America, where types are mixed', '+14155550100'],
    ['a toll-free number of North America', '+18005551234'],
    ['a number of Mexico, where types are mixed', '+525512345678'],
    ['a mobile number', '+4915112345678'],
    ['a mobile number of India', '+919299334134'],
    ['a mobile number of Argentina without its 9', '+541123456789'],
    ['a VoIP number', '+445600123456'],
    ['a personal number', '+447012345678'],
    ['a range of unknown type', '+447700900123'],
    ['a number of a satellite network', '+870123456789'],
  ])('accepts %s', (_, phno) => {
    expect(receivesSms(phno)).toBe(true);
  });

  it.each([
    ['fixed line of Germany', '+493012345678'],
    ['fixed line of France', '+33123456789'],
    ['fixed line of Britain', '+442079460958'],
    ['fixed line of India', '+911123456789'],
    ['fixed line of Brazil', '+551123456789'],
    ['toll-free number of Britain', '+448001111111'],
    ['premium number of North America', '+19005551234'],
    ['shared-cost number of Germany', '+491801123456'],
    ['pager of Britain', '+447600123456'],
    ['company-wide number of Britain', '+445512345678'],
  ])('refuses a %s', (_, phno) => {
    expect(receivesSms(phno)).toBe(false);
  });
});
