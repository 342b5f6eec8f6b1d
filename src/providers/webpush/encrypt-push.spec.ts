import crypto, { createECDH } from 'node:crypto';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { encryptPush } from './encrypt-push.js';

afterEach(() => {
  jest.restoreAllMocks();
});

describe('encryptPush', () => {
  it('reproduces the example of RFC 8291', () => {
    // https://www.rfc-editor.org/rfc/rfc8291#section-5
    const sender = createECDH('prime256v1');
    sender.setPrivateKey(Buffer.from('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw', 'base64url'));
    const keys = {
      p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
      auth: 'BTBZMqHH6r4Tts7J_aSIgg',
    };
    const salt = Buffer.from('DGv6ra1nlYgDCS1FRnbzlw', 'base64url');
    const plaintext = Buffer.from('When I grow up, I want to be a watermelon');
    // The library generates both itself.
    jest.spyOn(sender, 'generateKeys').mockReturnValue(sender.getPublicKey() as never);
    jest.spyOn(crypto, 'createECDH').mockReturnValueOnce(sender);
    jest.spyOn(crypto, 'randomBytes').mockReturnValueOnce(salt as never);
    expect(encryptPush(plaintext, keys).toString('base64url')).toBe(
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
    );
  });

  it('creates a different body for the same push each time', () => {
    const receiver = createECDH('prime256v1');
    const keys = { p256dh: receiver.generateKeys().toString('base64url'), auth: 'BTBZMqHH6r4Tts7J_aSIgg' };
    const once = encryptPush(Buffer.from('{}'), keys);
    expect(once.equals(encryptPush(Buffer.from('{}'), keys))).toBe(false);
    // 86 bytes of header, the text, its delimiter, and a tag of 16 bytes.
    expect(once).toHaveLength(86 + 2 + 1 + 16);
  });

  it('rejects a point that is not on the curve', () => {
    const keys = { p256dh: Buffer.alloc(65, 4).toString('base64url'), auth: 'BTBZMqHH6r4Tts7J_aSIgg' };
    expect(() => encryptPush(Buffer.from('{}'), keys)).toThrow(/key/i);
  });
});
