import { describe, expect, it } from '@jest/globals';
import { bindVerdict, SMPP_STATUSES } from '../../src/providers/smpp/smpp-errors.js';
import type { SmppProvider } from '../../src/providers/smpp/smpp.provider.js';
import { closeAfterEach } from '../support/close-after-each.js';
import { SMPP_MESSAGE, smppContext, smppProvider } from '../support/smpp-provider.js';
import { SmscSimulator } from '../support/smsc-simulator.js';

const closeLater = closeAfterEach();
const started = async (): Promise<{ smsc: SmscSimulator; provider: SmppProvider }> => {
  const smsc = await SmscSimulator.start();
  const provider = smppProvider(smsc);
  closeLater(smsc, provider);
  return { smsc, provider };
};
const outcome = (provider: SmppProvider): Promise<unknown> =>
  provider.send(SMPP_MESSAGE, smppContext()).catch((error: unknown) => error);

const refused = (reason: string, addressIsDead = false): object => ({
  outcome: 'refused',
  reason,
  addressIsDead,
});
const misconfigured = { name: 'ProviderMisconfigured', reason: 'provider_misconfigured' };
const overQuota = (retryAfterMs: number): object => ({ name: 'ProviderOverQuota', retryAfterMs });
const unavailable = { name: 'ProviderUnavailable', mayHaveBeenSent: false };
const ofThisOne = { ...unavailable, addressOnly: true };
const ROWS: Readonly<Record<string, object>> = {
  ESME_RINVDSTADR: refused('number_unreachable', true),
  ESME_RDELIVERYFAILURE: refused('number_unreachable'),
  ESME_RINVMSGLEN: refused('message_too_large'),
  ESME_RINVCMDLEN: refused('message_refused'),
  ESME_RINVESMCLASS: refused('message_refused'),
  ESME_RINVEXPIRY: refused('message_refused'),
  ESME_RX_P_APPN: refused('message_refused'),
  ESME_RX_R_APPN: refused('message_refused'),
  ESME_RINVDCS: refused('message_refused'),
  ESME_RTHROTTLED: { ...overQuota(1_000), addressOnly: false },
  ESME_RMSGQFUL: { ...overQuota(30_000), maybeAccount: true },
  ESME_RINVCMDID: misconfigured,
  ESME_RINVPRTFLG: misconfigured,
  ESME_RINVREGDLVFLG: misconfigured,
  ESME_RINVSRCADR: misconfigured,
  ESME_RBINDFAIL: misconfigured,
  ESME_RINVPASWD: misconfigured,
  ESME_RINVSYSID: misconfigured,
  ESME_RINVSERTYP: misconfigured,
  ESME_RINVSRCTON: misconfigured,
  ESME_RINVSRCNPI: misconfigured,
  ESME_RINVDSTTON: misconfigured,
  ESME_RINVDSTNPI: misconfigured,
  ESME_RINVSYSTYP: misconfigured,
  ESME_RINVREPFLAG: misconfigured,
  ESME_RINVSCHED: misconfigured,
  ESME_RINVDFTMSGID: misconfigured,
  ESME_RINVTLVSTREAM: misconfigured,
  ESME_RTLVNOTALLWD: misconfigured,
  ESME_RINVTLVLEN: misconfigured,
  ESME_RMISSINGTLV: misconfigured,
  ESME_RINVTLVVAL: misconfigured,
  ESME_RQUERYFAIL: { name: 'ProviderMisconfigured', reason: 'no_credit' },
  ESME_RSYSERR: { ...unavailable, addressOnly: false },
  ESME_RSUBMITFAIL: ofThisOne,
  ESME_RINVBNDSTS: unavailable,
  ESME_RALYBND: unavailable,
  ESME_RX_T_APPN: ofThisOne,
  ESME_RUNKNOWNERR: unavailable,
  ESME_RSERTYPUNAUTH: misconfigured,
  ESME_RPROHIBITED: misconfigured,
  ESME_RSERTYPDENIED: misconfigured,
  ESME_RSERTYPUNAVAIL: unavailable,
};

describe('the SMPP provider reading an error', () => {
  it('lists the outcome of every command status', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(SMPP_STATUSES));
  });

  it.each(Object.entries(ROWS))('maps command status %s', async (status, expected) => {
    const { smsc, provider } = await started();
    smsc.answerWith(status);
    expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: status });
    expect(smsc.asked).toBe(1);
  });

  it('treats a vendor-specific command status as a failure of this one SMS', async () => {
    const { smsc, provider } = await started();
    smsc.answerWith('0x0411');
    expect(await outcome(provider)).toMatchObject({ ...ofThisOne, vendorCode: '0x00000411' });
  });

  it('maps the command status of a refused bind by a table of its own', () => {
    expect(bindVerdict('0x00000411')).toEqual({ action: 'retry' });
    expect(bindVerdict('ESME_RX_T_APPN')).toEqual({ action: 'retry' });
    expect(bindVerdict('ESME_RMSGQFUL')).toEqual({ action: 'wait', retryAfterMs: 30_000 });
    expect(bindVerdict('ESME_RINVPASWD')).toEqual({ action: 'stop', ofCredentials: true });
  });

  it('binds again if the SMS centre has lost the bind', async () => {
    const { smsc, provider } = await started();
    smsc.answerWith('ESME_RINVBNDSTS', 1);
    expect(await outcome(provider)).toMatchObject(unavailable);
    await expect(provider.send(SMPP_MESSAGE, smppContext())).resolves.toMatchObject({ outcome: 'accepted' });
    expect(smsc.binds).toBe(2);
  });
});
