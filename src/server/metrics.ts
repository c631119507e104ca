// Counters for Prometheus; prom-client enters here. Labels are closed sets, never names of people or objects.
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type MirrorMetrics, openMirrorMetrics } from './mirror/metrics.ts';

export interface Metrics {
  davRequest(request: { readonly method: string; readonly status: number; readonly seconds: number }): void;
  backendCall(call: { readonly operation: string; readonly result: string; readonly seconds: number }): void;
  cacheLookup(result: 'hit' | 'miss'): void;
  unreadable(): void;
  readonly mirror: MirrorMetrics;
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
}

export function openMetrics(): Metrics {
  const registry = new Registry();
  const { davRequests, davSeconds, calls, callSeconds, lookups, unreadable } = openInstruments([registry]);
  return {
    davRequest({ method, status, seconds }) {
      davRequests.inc({ method, status });
      davSeconds.observe({ method }, seconds);
    },
    backendCall({ operation, result, seconds }) {
      calls.inc({ operation, result });
      callSeconds.observe({ operation }, seconds);
    },
    cacheLookup: (result) => lookups.inc({ result }),
    unreadable: () => unreadable.inc(),
    mirror: openMirrorMetrics(registry, Date.now),
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

function openInstruments(registers: Registry[]) {
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> =>
    new Counter({ name, help, labelNames, registers });
  const histogram = <Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
  ): Histogram<Label> => new Histogram({ name, help, labelNames, buckets, registers });
  const memory: Gauge = new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory',
    registers,
    collect: (): void => memory.set(process.memoryUsage.rss()),
  });
  return {
    davRequests: counter('exdav_dav_requests_total', 'DAV requests by method and status', [
      'method',
      'status',
    ]),
    davSeconds: histogram('exdav_dav_request_seconds', 'Time to the answer of a DAV request', ['method']),
    calls: counter('exdav_backend_calls_total', 'Calls to the mail server by operation and result', [
      'operation',
      'result',
    ]),
    callSeconds: histogram('exdav_backend_call_seconds', 'Time of a call to the mail server', ['operation']),
    lookups: counter('exdav_cache_lookups_total', 'Lookups of translated objects by result', ['result']),
    unreadable: counter(
      'exdav_unreadable_objects_total',
      'Reads of objects that could not be translated',
      [],
    ),
  };
}
