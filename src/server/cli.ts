// The command line: which command, its help, and exit codes (0 done, 1 failed, 2 not understood).
import { parseArgs } from 'node:util';
import { checkConfig } from './commands/check-config.ts';
import { type Command, UsageError } from './commands/command.ts';
import { demo } from './commands/demo.ts';
import { mirror } from './commands/mirror.ts';
import { serve } from './commands/serve.ts';
import { simulator } from './commands/simulator.ts';
import { token } from './commands/token.ts';
import { ConfigError } from './config.ts';

const commands: readonly Command[] = [serve, demo, mirror, simulator, token, checkConfig];

export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Absent where nobody looks. */
  readonly progress?: ((text: string) => void) | undefined;
}

/** Runs one command line (without `node exdav`) and answers the exit code. */
export async function runCommandLine(words: readonly string[], terminal: Terminal): Promise<number> {
  const [name = '--help', ...rest] = words;
  if (name === '--help' || name === '-h' || name === 'help') {
    const asked = commands.find((command) => command.name === rest[0]);
    terminal.out(asked === undefined ? overview() : helpOf(asked));
    return 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    terminal.error(`exdav: there is no command "${name}".\n\n${overview()}`);
    return 2;
  }
  try {
    return await run(command, rest, terminal);
  } catch (error) {
    terminal.error(complaint(command, error));
    return error instanceof UsageError || isParseError(error) ? 2 : 1;
  }
}

async function run(command: Command, words: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...words],
    options: { ...command.options, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values['help'] === true) {
    terminal.out(helpOf(command));
    return 0;
  }
  const { maxWords = 0 } = command;
  if (positionals.length > maxWords) throw new UsageError(`"${positionals[maxWords]}" is one word too many`);
  const single = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Array.isArray(value) ? value[0] : value]),
  );
  return command.run({
    values: single,
    positionals,
    environment: terminal.environment,
    write: terminal.out,
    terminal: terminal.progress,
  });
}

function complaint(command: Command, error: unknown): string {
  if (error instanceof ConfigError) return `${error.problems.join('\n')}\n`;
  const message = error instanceof Error ? error.message : String(error);
  const hint =
    error instanceof UsageError || isParseError(error) ? `\nTry "exdav ${command.name} --help".` : '';
  return `exdav ${command.name}: ${message}${hint}\n`;
}

function isParseError(error: unknown): boolean {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

function overview(): string {
  const width = Math.max(...commands.map((command) => command.name.length)) + 2;
  const rows = commands.map((command) => `  ${command.name.padEnd(width)}${command.summary}`);
  return [
    'Exdav: CalDAV and CardDAV for Microsoft Exchange',
    '',
    'Usage: exdav COMMAND [OPTIONS]',
    '',
    ...rows,
    '',
    '"exdav COMMAND --help" tells more about one. Settings come from the environment: see "exdav check-config".',
    '',
  ].join('\n');
}

function helpOf(command: Command): string {
  return (
    `Usage: exdav ${command.name} ${command.usage}`.trimEnd() + `\n\n${command.summary}\n\n${command.help}\n`
  );
}
