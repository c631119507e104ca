// What a run tells while it goes, with a clock that only moves when told.
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import type { MirrorEvent, RunReport } from '../../src/mirror/index.ts';
import { BackendError } from '../../src/model/failure.ts';
import { openMirrorMetrics } from '../../src/server/mirror/metrics.ts';
import { openProgress } from '../../src/server/mirror/progress.ts';

const created: MirrorEvent = { kind: 'object', action: 'created', uid: 'u', side: 'nextcloud' };
const report = (more: Partial<RunReport> = {}): RunReport => ({
  run: 7,
  counts: { 'created on nextcloud': 3 },
  troubled: 0,
  isComplete: true,
  ...more,
});

describe('the bar', () => {
  function openBar() {
    let time = 0;
    const shown: string[] = [];
    const out: string[] = [];
    const progress = openProgress({
      out: (text) => void out.push(text),
      terminal: (text) => void shown.push(text.replace('\x1b[K', '')),
      now: () => time,
      detail: 'troubled',
    });
    return { shown, out, progress, pass: (ms: number) => void (time += ms) };
  }

  it('has counts, a share and an estimate, and is not drawn for every object', () => {
    const { shown, progress, pass } = openBar();
    progress.event('alice', { kind: 'found', objects: 100 });
    pass(1000);
    for (let n = 0; n < 25; n += 1) progress.event('alice', created);
    expect(shown).toEqual(['\ralice [------------------------] 1 of 100, 99 s left']);
    pass(1000);
    progress.event('alice', created);
    expect(shown.at(-1)).toBe('\ralice [######------------------] 26 of 100, 6 s left');
    for (let n = 26; n < 100; n += 1) progress.event('alice', created);
    expect(shown.at(-1)).toBe('\ralice [########################] 100 of 100');
  });

  it('makes room for what must be told', () => {
    const { shown, out, progress } = openBar();
    progress.event('alice', { kind: 'found', objects: 2 });
    progress.event('alice', {
      kind: 'object',
      action: 'troubled',
      uid: 'u',
      side: 'exchange',
      message: 'refused',
    });
    expect(out).toEqual(['alice: troubled on exchange u: refused\n']);
    expect(shown[0]).toBe('\r');
    progress.outcome({ kind: 'ran', pair: 'alice', ms: 1, report: report({ stopped: 'much is gone' }) });
    expect(out.at(-1)).toMatch(/^alice: run 7: .*STOPPED: much is gone.*--force/);
  });
});

describe('the metrics', () => {
  async function seriesOf(
    act: (metrics: ReturnType<typeof openMirrorMetrics>, pass: (ms: number) => void) => void,
  ) {
    let time = 1_000_000;
    const registry = new Registry();
    const metrics = openMirrorMetrics(registry, () => time);
    act(metrics, (ms) => void (time += ms));
    return (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  }

  it('count objects by action and result, and requests by side and status', async () => {
    const series = await seriesOf((metrics) => {
      metrics.event('p', created);
      metrics.event('p', created);
      metrics.event('p', { kind: 'object', action: 'troubled', uid: 'u', side: 'exchange', message: 'x' });
      metrics.event('p', { kind: 'object', action: 'tied', uid: 'u' });
      metrics.event('p', { kind: 'found', objects: 9 });
      metrics.request({ side: 'nextcloud', status: '207' });
      metrics.request({ side: 'exchange', status: 'ok' });
    });
    expect(series).toEqual(
      expect.arrayContaining([
        'exdav_mirror_objects_total{pair="p",action="created",side="nextcloud"} 2',
        'exdav_mirror_objects_total{pair="p",action="troubled",side="exchange"} 1',
        'exdav_mirror_objects_total{pair="p",action="tied",side="both"} 1',
        'exdav_mirror_requests_total{side="nextcloud",status="207"} 1',
        'exdav_mirror_requests_total{side="exchange",status="ok"} 1',
      ]),
    );
    expect(series.join()).not.toContain('"u"');
  });

  it('tell the lag, also of a pair that never ran to its end, what is in trouble and what is stopped', async () => {
    const series = await seriesOf((metrics, pass) => {
      metrics.outcome({ kind: 'ran', pair: 'well', ms: 1, report: report({ troubled: 2 }) });
      metrics.outcome({
        kind: 'failed',
        pair: 'broken',
        error: new BackendError({ kind: 'unavailable', message: 'away' }),
      });
      pass(60_000);
      metrics.outcome({ kind: 'ran', pair: 'stopped', ms: 1, report: report({ stopped: 'much is gone' }) });
      pass(60_000);
      metrics.outcome({ kind: 'failed', pair: 'well', error: new Error('away') });
    });
    expect(series).toEqual(
      expect.arrayContaining([
        'exdav_mirror_lag_seconds{pair="well"} 120',
        'exdav_mirror_lag_seconds{pair="broken"} 120',
        'exdav_mirror_lag_seconds{pair="stopped"} 120',
        'exdav_mirror_troubled_objects{pair="well"} 2',
        'exdav_mirror_stopped{pair="well"} 0',
        'exdav_mirror_stopped{pair="stopped"} 1',
      ]),
    );
  });
});
