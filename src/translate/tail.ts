// Text without what it ends in, in one look: a pattern like `,+$` tries every run of the text, and each from all its places.

export function withoutTail(text: string, char: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === char) end -= 1;
  return text.slice(0, end);
}
