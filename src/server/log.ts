// JSON lines on standard output; pino enters here. A line has a request id and never a password, name, address or text.
import { type DestinationStream, type LoggerOptions, pino } from 'pino';
import type { Config } from './config.ts';

export type Log = Pick<ReturnType<typeof pino>, 'debug' | 'info' | 'warn' | 'error'>;

/** Where the lines go. */
export type LogDestination = DestinationStream;

export function openLog(level: Config['EXDAV_LOG_LEVEL'], destination?: LogDestination): Log {
  const options: LoggerOptions = {
    level,
    base: undefined,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    redact: ['authorization', 'cookie', 'password', '*.authorization', '*.cookie', '*.password'],
    serializers: { err: describeError },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** Kind, message, where from, and causes; nothing that hangs on the error object besides. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const cause = error.cause === undefined ? undefined : describeError(error.cause);
  return { type: error.name, message: error.message, stack: error.stack, cause };
}
