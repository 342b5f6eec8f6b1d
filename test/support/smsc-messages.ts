/** The fields of a delivery report in text format, by appendix B of SMPP 3.4. */
export function textReceipt(id: string, stat: string, err = '000'): Readonly<Record<string, unknown>> {
  const text = `id:${id} sub:001 dlvrd:001 submit date:2601021504 done date:2601021505 stat:${stat} err:${err} text:Hello`;
  return { ...FROM_PHONE, esm_class: 0x04, short_message: Buffer.from(text) };
}

/** The fields of a delivery report with TLV parameters. */
export function tlvReceipt(id: string, state: number): Readonly<Record<string, unknown>> {
  return {
    ...FROM_PHONE,
    esm_class: 0x04,
    receipted_message_id: Buffer.from(`${id}\0`),
    message_state: Buffer.from([state]),
  };
}

/** From the recipient's phone to the gateway. */
export const FROM_PHONE = {
  source_addr_ton: 1,
  source_addr_npi: 1,
  source_addr: '14155550100',
  dest_addr_ton: 1,
  dest_addr_npi: 1,
  destination_addr: '15005550006',
} as const;

/** An inbound SMS from the same phone. */
export function phoneText(
  text: Buffer,
  dataCoding: number,
  over: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return { ...FROM_PHONE, esm_class: 0, data_coding: dataCoding, short_message: text, ...over };
}
