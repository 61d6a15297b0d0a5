import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Upper bounds of the histogram buckets, in seconds. */
const DURATION_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * Creates metrics in one registry and prefixes their names with `endcase_`. Names follow the conventions of Prometheus:
 * they end in a unit, and counters in `_total`.
 */
export class Instruments {
  readonly registry = new Registry();

  counter<L extends string>(name: string, help: string, labelNames: L[] = []): Counter<L> {
    return new Counter({ ...this.#named(name, help), labelNames });
  }

  /** A histogram of durations in seconds. */
  histogram<L extends string>(name: string, help: string, labelNames: L[] = []): Histogram<L> {
    return new Histogram({ ...this.#named(name, help), labelNames, buckets: DURATION_BUCKETS });
  }

  /** @param update sets the gauge each time the metrics are scraped */
  gauge<L extends string>(
    name: string,
    help: string,
    update: (gauge: Gauge<L>) => void | Promise<void>,
    labelNames: L[] = [],
  ): void {
    new Gauge<L>({
      ...this.#named(name, help),
      labelNames,
      collect() {
        return update(this);
      },
    });
  }

  #named(name: string, help: string) {
    return { name: `endcase_${name}`, help, registers: [this.registry] };
  }
}
