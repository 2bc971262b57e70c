package org.audienceactivation.route;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.ThreadPoolProfile;

/**
 * The threads on which destinations are served. A single one is served on the thread that decoded
 * the batch, whose core has the profiles in its cache: handed to another thread they cost half as
 * much again. Several are served side by side by the thread pool of the profile {@value #NAME},
 * which is made when there first are several, and ends with the context.
 */
final class DestinationThreads extends AbstractExecutorService {
  static final String NAME = "destinations";

  private final CamelContext context;
  private final PlansInForce plans;
  private ExecutorService pool;

  DestinationThreads(CamelContext context, PlansInForce plans) {
    this.context = context;
    this.plans = plans;
  }

  @Override
  public void execute(Runnable command) {
    if (plans.now().destinations().size() > 1) {
      pool().execute(command);
    } else {
      command.run();
    }
  }

  private synchronized ExecutorService pool() {
    if (pool == null) {
      ExecutorServiceManager manager = context.getExecutorServiceManager();
      ThreadPoolProfile profile = manager.getThreadPoolProfile(NAME);
      pool =
          profile == null
              ? manager.newDefaultThreadPool(this, NAME)
              : manager.newThreadPool(this, NAME, profile);
    }
    return pool;
  }

  /** The context does that to the pool, and there is nothing else. */
  @Override
  public void shutdown() {}

  @Override
  public List<Runnable> shutdownNow() {
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return false;
  }
}
