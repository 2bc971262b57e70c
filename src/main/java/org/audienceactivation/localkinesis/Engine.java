package org.audienceactivation.localkinesis;

import java.time.InstantSource;

/** What a server consists of behind its sockets. Thread-safe. */
record Engine(
    LogHome home,
    Streams streams,
    ReshardActions reshards,
    FaultInjector injector,
    Tally tally,
    Api api) {

  static Engine start(LocalKinesisOptions options, LogHome home, InstantSource clock) {
    Streams streams = new Streams(home, options.shardLimits(), clock);
    ReshardActions reshards = new ReshardActions(streams, options.updateTime(), clock);
    Tally tally = new Tally();
    Api api =
        new Api(
            new StreamActions(streams, options.defaultShards(), options.creationTime()),
            new ShardListing(streams, clock),
            reshards,
            new PutActions(streams, options.autoCreateShards(), tally, clock),
            new ReadActions(streams, clock, Runtime.getRuntime().maxMemory()));
    Engine engine = new Engine(home, streams, reshards, new FaultInjector(tally), tally, api);
    engine.inject(options.faults());
    return engine;
  }

  CallHandler handler() {
    return new CallHandler(
        api,
        new Console(this),
        injector,
        tally,
        MemoryBudget.ofHeap(Runtime.getRuntime().maxMemory()));
  }

  /** From now on the server misbehaves in this way and in no other. */
  void inject(Faults faults) {
    streams.pretend(faults.status());
    injector.inject(faults);
  }

  Stats stats() {
    return tally.stats(recordCount());
  }

  long recordCount() {
    return streams.all().stream()
        .flatMap(stream -> stream.shards().all().stream())
        .mapToLong(shard -> shard.log().count())
        .sum();
  }
}
