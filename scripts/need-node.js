// Runs first in every npm script, on whatever Node npm found: says what is needed instead of failing on syntax.
const needed = 24;
const found = process.versions.node;
if (Number(found.split('.')[0]) < needed) {
  console.error(
    `exdav needs Node ${needed} or newer, found ${found} (${process.execPath}).\n` +
      'Fix: run "npm ci" without --ignore-scripts (it installs its own Node), and start through npm, e.g. "npm run demo".',
  );
  process.exit(1);
}
