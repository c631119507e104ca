// What a command of `exdav` is: a row of the table in cli.ts.
import type { ParseArgsOptionsConfig } from 'node:util';

export interface CommandInput {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly write: (text: string) => void;
  /** For what is written over again and again; only where somebody looks. */
  readonly terminal?: ((text: string) => void) | undefined;
}

export interface Command {
  readonly name: string;
  /** One line for the overview. */
  readonly summary: string;
  /** Synopsis after `exdav NAME`, and what to know. */
  readonly usage: string;
  readonly help: string;
  /** Words that are no options; default none. */
  readonly maxWords?: number;
  readonly options: ParseArgsOptionsConfig;
  /** Answers the exit code. @throws UsageError, ConfigError, Error with a plain message */
  run(input: CommandInput): Promise<number>;
}

/** The command line was not understood: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A whole number from an option. @throws UsageError */
export function numberOption(
  input: CommandInput,
  name: string,
  range: { fallback: number; max: number },
): number {
  const text = input.values[name];
  if (text === undefined) return range.fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= range.max) return value;
  throw new UsageError(`--${name} must be a whole number from 0 to ${range.max}, not "${String(text)}"`);
}

/** Resolves at the first Ctrl-C or TERM; a second one ends the process at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      process.once('SIGINT', () => process.exit(130));
      process.once('SIGTERM', () => process.exit(143));
      resolve();
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });
}
