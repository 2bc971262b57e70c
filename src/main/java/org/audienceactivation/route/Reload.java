package org.audienceactivation.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.Problem;
import org.audienceactivation.profile.Derived;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether the files of the configuration have changed, judges them as a start would, all as
 * one, and lets them take effect or refuses them as a whole.
 *
 * <p>A content is judged once, and only when two looks in a row have found it: what is half written
 * may be valid, and forbid less. Not thread-safe: one thread looks.
 */
final class Reload {
  private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

  /** What a configuration changes. */
  interface Changes {

    /** Makes ready what this configuration needs; nothing is changed by it yet. */
    Checked<Change> to(HomeConfiguration configuration);

    /** Ends what former configurations have left and nothing needs any more. */
    void tidy();
  }

  /** A change that is ready. */
  interface Change {

    /**
     * From now on what begins is handled by the new configuration. Comes back when senders that are
     * not to go on have let go of what they hold.
     *
     * @param whenInForce run as soon as it is in force, before anything is waited for
     */
    void takeEffect(Runnable whenInForce);
  }

  private final Home home;
  private final UnaryOperator<String> placeholders;
  private final Changes changes;
  private final List<Derived> derived;
  private HomeFiles inForce;
  private volatile ConfigurationInForce configuration;
  private HomeFiles judged;
  private HomeFiles seen;
  private volatile Optional<String> refusal = Optional.empty();

  /**
   * Looks at a home.
   *
   * @param placeholders resolves <code>{{…}}</code>, or throws
   * @param inForce the files of the configuration with which the application has started
   * @param derived what is made of what before destinations see it
   */
  Reload(
      Home home,
      UnaryOperator<String> placeholders,
      HomeFiles inForce,
      Changes changes,
      List<Derived> derived) {
    this.home = home;
    this.placeholders = placeholders;
    this.changes = changes;
    this.derived = derived;
    this.inForce = inForce;
    this.configuration = ConfigurationInForce.of(inForce);
    this.judged = inForce;
    this.seen = inForce;
  }

  /** The files of the configuration that is in force. */
  HomeFiles inForce() {
    return inForce;
  }

  /** What is in force, and since when. May be asked by any thread. */
  ConfigurationInForce configuration() {
    return configuration;
  }

  /** That what lies in the files is not in force, if so. May be asked by any thread. */
  Optional<String> refusal() {
    return refusal;
  }

  /** Looks once. */
  void look() {
    changes.tidy();
    HomeFiles before = seen;
    seen = HomeFiles.read(home);
    if (!seen.equals(before) || seen.equals(judged)) {
      return;
    }
    judged = seen;
    if (seen.equals(inForce)) {
      refusal = Optional.empty();
      LOG.info("configuration {} is in the files again, and still in force", inForce.version());
      return;
    }
    judge();
  }

  private void judge() {
    // whatever happens from here on: it is in force only when everything was well
    refusal =
        Optional.of(
            "configuration %s is refused as a whole; %s stays in force"
                .formatted(judged.version(), inForce.version()));
    List<Problem> problems = new ArrayList<>(judged.problemsAfter(inForce));
    Checked<HomeConfiguration> read = HomeConfiguration.read(judged, placeholders, derived);
    problems.addAll(read.problems());
    Checked<Change> change =
        problems.isEmpty() ? read.flatMap(changes::to) : new Checked.Invalid<>(problems);
    String changed = String.join(", ", judged.changesSince(inForce));
    if (change.toOptional().isEmpty()) {
      change.problems().forEach(problem -> LOG.warn("{}", problem));
      LOG.warn(
          "configuration {} is refused as a whole for the problems above; {} stays in force."
              + " Changed: {}",
          judged.version(),
          inForce.version(),
          changed);
      return;
    }
    change.toOptional().get().takeEffect(() -> isInForce(changed));
  }

  private void isInForce(String changed) {
    inForce = judged;
    configuration = ConfigurationInForce.of(inForce);
    refusal = Optional.empty();
    LOG.info("configuration {} is in force. Changed: {}", inForce.version(), changed);
  }
}
