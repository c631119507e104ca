// A test of a trap of Nextcloud, on a stage of its own.
import { it } from 'vitest';
import type { Version } from '../nextcloud-double/index.ts';
import type { Trap } from '../nextcloud-double/traps.ts';
import { openStage, type Stage } from './stage.ts';

export function trap(id: Trap, name: string, work: (stage: Stage) => Promise<void>, version?: Version): void {
  it(`${id}: ${name}`, async () => {
    const stage = await openStage(version);
    try {
      await work(stage);
    } finally {
      await stage.close();
    }
  });
}
