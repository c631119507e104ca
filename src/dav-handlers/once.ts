// A question that is asked at the first wish and answered to everybody.

export function once<T>(ask: () => Promise<T>): () => Promise<T> {
  const asked: { answer?: Promise<T> } = {};
  return () => (asked.answer ??= ask());
}
