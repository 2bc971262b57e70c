package org.audienceactivation.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Turns SIGTERM and SIGINT into an orderly end with an exit status of our own: the JVM's hook waits
 * until the command has finished, then ends the process with the command's status (left alone, the
 * JVM would answer 143).
 */
final class Termination {
  private static final CountDownLatch REQUESTED = new CountDownLatch(1);
  private static final CountDownLatch FINISHED = new CountDownLatch(1);
  private static volatile int status = ExitStatus.INTERNAL_FAILURE.code();

  private Termination() {}

  static void install() {
    Runtime.getRuntime().addShutdownHook(new Thread(Termination::waitForTheCommand, "termination"));
  }

  private static void waitForTheCommand() {
    REQUESTED.countDown();
    boolean interrupted = true;
    while (interrupted) {
      try {
        FINISHED.await();
        interrupted = false;
      } catch (InterruptedException e) {
        // nobody may cut this short: the command is settling records
      }
    }
    Runtime.getRuntime().halt(status);
  }

  /**
   * Whether the process is asked to end. Then what has not begun may fail for no other reason: a
   * JVM that ends takes no more of the hooks that libraries want to give it.
   */
  static boolean isRequested() {
    return REQUESTED.getCount() == 0;
  }

  /** Waits until the process is asked to end. */
  static void await() throws InterruptedException {
    REQUESTED.await();
  }

  /** Runs the action once the process is asked to end, on a thread of its own. */
  static void whenRequested(Runnable action) {
    Thread thread =
        new Thread(
            () -> {
              try {
                REQUESTED.await();
              } catch (InterruptedException e) {
                return;
              }
              action.run();
            },
            "termination-watch");
    thread.setDaemon(true);
    thread.start();
  }

  /** Ends the process with this status, whether it was asked to end or has finished by itself. */
  static void exit(int code) {
    System.out.flush();
    System.err.flush();
    status = code;
    FINISHED.countDown();
    System.exit(code);
  }
}
