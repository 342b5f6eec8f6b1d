/** GSM's default alphabet by code (3GPP TS 23.038, 6.2.1). */
const BASIC = [
  '@£$¥èéùìòÇ\nØø\rÅå',
  'Δ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ',
  ' !"#¤%&\'()*+,-./',
  '0123456789:;<=>?',
  '¡ABCDEFGHIJKLMNO',
  'PQRSTUVWXYZÄÖÑÜ§',
  '¿abcdefghijklmno',
  'pqrstuvwxyzäöñüà',
].join('');
const ESCAPE = 0x1b;
/** Characters after an escape (6.2.1.1). */
const EXTENSION: Readonly<Record<string, number>> = {
  '\f': 0x0a,
  '^': 0x14,
  '{': 0x28,
  '}': 0x29,
  '\\': 0x2f,
  '[': 0x3c,
  '~': 0x3d,
  ']': 0x3e,
  '|': 0x40,
  '€': 0x65,
};

const CODES = new Map<string, readonly number[]>([
  ...[...BASIC].map((character, code) => [character, [code]] as const),
  ...Object.entries(EXTENSION).map(([character, code]) => [character, [ESCAPE, code]] as const),
]);
CODES.delete(String.fromCharCode(ESCAPE));
const EXTENDED = new Map(Object.entries(EXTENSION).map(([character, code]) => [code, character]));

/** The one or two octets of each character; undefined if GSM-7 lacks one of them. */
export function gsm7Characters(text: string): (readonly number[])[] | undefined {
  const characters: (readonly number[])[] = [];
  for (const character of text) {
    const codes = CODES.get(character);
    if (!codes) return undefined;
    characters.push(codes);
  }
  return characters;
}

/** Decodes unpacked GSM-7. Other octets are read as Latin-1, the default of some SMSCs. */
export function gsm7Text(octets: Buffer): string {
  let text = '';
  for (let at = 0; at < octets.length; at += 1) {
    const code = octets.readUInt8(at);
    if (code !== ESCAPE) text += code < BASIC.length ? BASIC.charAt(code) : String.fromCharCode(code);
    else if (at + 1 < octets.length) {
      at += 1;
      const next = octets.readUInt8(at);
      // Phones without the extension show the character of the default alphabet.
      text += EXTENDED.get(next) ?? BASIC.charAt(next);
    }
  }
  return text;
}
