// Other people's programs: whether they are here, and how to run them against servers that live in this process.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Is the program on the path? Where everything is demanded (CI), its absence is an error, not a skip. */
export function isInstalled(program: string): boolean {
  const found = (process.env['PATH'] ?? '').split(':').some((folder) => isExecutable(join(folder, program)));
  if (!found && process.env['CI'] !== undefined)
    throw new Error(`${program} is not installed, and CI needs it`);
  return found;
}

/** Is the file of another package there (a plug-in is on no path)? As above in CI. */
export function isProvided(file: string): boolean {
  const found = existsSync(file);
  if (!found && process.env['CI'] !== undefined) throw new Error(`${file} is not installed, and CI needs it`);
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly timeoutMs?: number;
}

/** Runs to the end; never throws for an exit code. */
export function run(program: string, words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      cwd: options.cwd,
      env: { ...process.env, NO_PROXY: '*', no_proxy: '*', LC_ALL: 'C.UTF-8', ...options.env },
      timeout: options.timeoutMs ?? 120_000,
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, out, err }));
    child.stdin.on('error', () => {}); // the program may not read its input
    child.stdin.end(options.input ?? '');
  });
}

/** Runs to the end. @throws Error with the output when the exit code is not 0 */
export async function runWell(
  program: string,
  words: readonly string[],
  options: RunOptions = {},
): Promise<Ran> {
  const ran = await run(program, words, options);
  if (ran.code !== 0)
    throw new Error(`${program} ${words.join(' ')} ended with ${ran.code}\n${ran.out}\n${ran.err}`);
  return ran;
}
