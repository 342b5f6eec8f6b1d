import smpp, { type FieldDefinition } from 'smpp';

/**
 * The TLVs that are read here. The package reads some of them by their type rather than by their length, and so goes
 * on into the next one where the closing NUL is missing, as it often is.
 */
const TLVS = {
  receipted_message_id: 0x001e,
  sar_msg_ref_num: 0x020c,
  sar_total_segments: 0x020e,
  sar_segment_seqnum: 0x020f,
  network_error_code: 0x0423,
  message_payload: 0x0424,
  message_state: 0x0427,
};

/**
 * Takes the package's own reading of texts and times off a command: it takes ASCII for GSM-7, loses octets that it
 * does not know, and ends the connection over a time that it cannot read. What comes is left as it came.
 */
export function keepOctets(command: 'submit_sm' | 'deliver_sm' | 'data_sm'): void {
  const { id, params } = smpp.commands[command];
  const plain: Record<string, FieldDefinition> = {};
  for (const [name, { type, ...rest }] of Object.entries(params)) {
    plain[name] = 'default' in rest ? { type, default: rest.default } : { type };
  }
  smpp.addCommand(command, { id, params: plain });
}

for (const [name, id] of Object.entries(TLVS)) smpp.addTLV(name, { id, type: smpp.types.tlv.buffer });
keepOctets('deliver_sm');
keepOctets('data_sm');

export { smpp };
