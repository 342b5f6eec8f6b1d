import smpp, { type FieldDefinition } from 'smpp';

/**
 * TLVs that are read as octets. The package parses some by type instead of length and reads into the next TLV if the
 * terminating NUL is missing, as is common.
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
 * Disables the package's parsing of text and times for a command: it reads ASCII as GSM-7, drops unknown octets, and
 * ends the connection on an invalid time.
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
