// python3-dateutil as an expander of rules that shares nothing with ours: one child process, a question a line.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Question {
  /** `20260301T090000`, `20260301` */
  readonly start: string;
  /** IANA; null for whole days. */
  readonly zone: string | null;
  readonly rule: string;
  /** As EXDATE has them. */
  readonly exdates: readonly string[];
  readonly most: number;
}

export interface Dateutil {
  /** Seconds on the wall clock. @throws Error with what dateutil says of a rule that it cannot read */
  expand(question: Question): Promise<readonly number[]>;
  stop(): Promise<void>;
}

export function isDateutilInstalled(): boolean {
  return (
    spawnSync('python3', ['-c', 'import dateutil.rrule, zoneinfo; zoneinfo.ZoneInfo("Europe/Kyiv")'])
      .status === 0
  );
}

export function startDateutil(): Dateutil {
  const script = fileURLToPath(new URL('expand-rules.py', import.meta.url));
  const child = spawn('python3', [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async expand(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const { value, done } = await answers.next();
      if (done === true) throw new Error('python3 has ended');
      return instancesIn(JSON.parse(value), question);
    },
    async stop() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

function instancesIn(answer: unknown, question: Question): readonly number[] {
  const { instances, error } = Object(answer);
  if (!Array.isArray(instances)) throw new Error(`dateutil: ${String(error)} (${JSON.stringify(question)})`);
  return instances.map(Number);
}
