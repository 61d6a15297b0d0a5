/** The bytes of every character that GBK has in two bytes. */
function doubleBytes(): Map<string, readonly [number, number]> {
  const decoder = new TextDecoder('gbk');
  const bytes = new Map<string, readonly [number, number]>();
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const character = decoder.decode(Uint8Array.of(lead, trail));
      if ([...character].length === 1 && !bytes.has(character)) bytes.set(character, [lead, trail]);
    }
  }
  return bytes;
}

/** Encodes a text as a Chinese Windows does. Node decodes GBK, but does not encode it. */
export function encodeGbk(text: string): Buffer {
  const bytes = doubleBytes();
  return Buffer.from(
    [...text].flatMap((character) =>
      character.charCodeAt(0) < 0x80 ? character.charCodeAt(0) : [...(bytes.get(character) ?? [0x3f])],
    ),
  );
}
