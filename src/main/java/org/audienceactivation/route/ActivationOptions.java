package org.audienceactivation.route;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How an application is started.
 *
 * @param sources which consumers start
 * @param kinesisEndpoint a local Kinesis that takes the place of AWS for every destination, with
 *     credentials that only it accepts
 * @param state a folder that takes the place of the state store, unless there is none
 * @param overrides properties that win over application.properties
 */
public record ActivationOptions(
    Sources sources,
    Optional<URI> kinesisEndpoint,
    Optional<Path> state,
    Map<String, String> overrides) {

  /** Which consumers start. */
  public sealed interface Sources {

    /** The only destination that is served, of an application that sends nothing. */
    default Optional<String> destinationToLookAt() {
      if (this instanceof Preview preview) {
        return Optional.of(preview.destination());
      }
      return this instanceof Explain explain
          ? Optional.of(explain.destination())
          : Optional.empty();
    }

    /** All that are switched on; they stay. */
    record Watching() implements Sources {}

    /** All that are switched on; polled until nothing is left. */
    record Once() implements Sources {}

    /** None: only the pipeline, as far as a route can be called. Nothing is sent. */
    record Preview(String destination, PrintStream events, PrintStream decisions)
        implements Sources {}

    /**
     * As for a preview; of each record is told what becomes of it, and why.
     *
     * @param told called on the thread that hands the records in
     */
    record Explain(String destination, Consumer<ProfileExplanation> told) implements Sources {}

    /** None, and no route is started: everything is only put together. */
    record Nothing() implements Sources {}
  }

  public ActivationOptions {
    overrides = Map.copyOf(overrides);
  }

  public static ActivationOptions of(Sources sources) {
    return new ActivationOptions(sources, Optional.empty(), Optional.empty(), Map.of());
  }

  public ActivationOptions withKinesisEndpoint(URI endpoint) {
    return new ActivationOptions(sources, Optional.of(endpoint), state, overrides);
  }

  /** What is remembered lies in this folder, wherever application.properties has it. */
  public ActivationOptions withState(Path folder) {
    return new ActivationOptions(sources, kinesisEndpoint, Optional.of(folder), overrides);
  }

  public ActivationOptions withOverrides(Map<String, String> properties) {
    return new ActivationOptions(sources, kinesisEndpoint, state, properties);
  }
}
