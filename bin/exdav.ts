#!/usr/bin/env node
// The one program of the package; everything is in src/server/cli.ts.
import { runCommandLine } from '../src/server/index.ts';

process.exitCode = await runCommandLine(process.argv.slice(2), {
  environment: process.env,
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
