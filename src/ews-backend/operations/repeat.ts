// Writes whose answer was lost: asked once more only where the second asking tells what became of the first (DESIGN §6).
import { BackendError } from '../../model/failure.ts';
import { isPassing } from '../failures.ts';

/** `settle` reads the second answer knowing that the first asking may have been carried out. */
export async function askTwice<T>(
  ask: () => Promise<T>,
  settle: (second: T, lost: BackendError) => T,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof BackendError) || !isPassing(error.failure)) throw error;
    return settle(await ask(), error);
  }
}
