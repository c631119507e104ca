#!/usr/bin/env node
// The one program of the package; everything is in src/server/cli.ts.
import { runCommandLine } from '../src/server/index.ts';

// A reader that has seen enough (`exdav check-config | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await runCommandLine(process.argv.slice(2), {
  environment: process.env,
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  progress: process.stderr.isTTY ? (text) => process.stderr.write(text) : undefined,
});
