// Words of the server, by tables.

/** What a word of the server stands for: of the table itself, never of what every object has (`constructor`). */
export function meaningIn<T>(words: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(words, word) ? words[word] : undefined;
}
