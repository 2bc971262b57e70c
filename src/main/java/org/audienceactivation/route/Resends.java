package org.audienceactivation.route;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.audienceactivation.destination.AudienceMappings;
import org.audienceactivation.destination.LastDelivered;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.state.StateStore;
import org.audienceactivation.state.StateStoreException;
import org.audienceactivation.state.StateStoreInUseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests to send the members of a destination again, with its next input. An embedded store is
 * open in the process that runs, so a request to it is a file in its folder, which that process
 * takes within seconds.
 */
final class Resends {
  private static final Logger LOG = LoggerFactory.getLogger(Resends.class);
  private static final String FOLDER = "requests";
  private static final String ENDING = ".resend";

  private final ApplicationProperties properties;

  Resends(ApplicationProperties properties) {
    this.properties = properties;
  }

  /**
   * Asks for it.
   *
   * @param audience one that is mapped; empty for all
   * @throws ConfigurationException if nothing is kept of what was delivered
   */
  ResendStatus ask(String destination, Optional<AudienceRef> audience) {
    try (StateStore store = open()) {
      return ask(
          new DestinationState(destination, store, Clock.systemUTC()), destination, audience);
    } catch (StateStoreInUseException e) {
      leave(destination, audience);
      return ResendStatus.handedOver(audience);
    }
  }

  /** The same, where this process has the store open. */
  ResendStatus ask(DestinationState state, String destination, Optional<AudienceRef> audience) {
    state.change(record -> record.resending(audience, state.now()));
    return status(destination, state.store());
  }

  /** What became of the last request. */
  ResendStatus status(String destination) {
    try (StateStore store = open()) {
      return status(destination, store);
    } catch (StateStoreInUseException e) {
      return statusOfRunning(destination);
    }
  }

  private StateStore open() {
    return StateStores.openOrInUse(properties)
        .orElseThrow(
            () ->
                new ConfigurationException(
                    List.of(
                        properties.problem(
                            Setting.STATE_STORE.key(),
                            "is none, so every record is sent anyway; there is nothing to send"
                                + " again"))));
  }

  private static ResendStatus status(String destination, StateStore store) {
    MappingRecord record = MappingRecord.of(store.document(destination, MappingRecord.DOCUMENT));
    if (record.resend().isEmpty()) {
      return ResendStatus.NEVER_ASKED;
    }
    MappingRecord.Resend last = record.resend().get();
    AudienceMappings mappings = record.mappings();
    long[] counts = new long[2];
    store.all(
        destination,
        chunk ->
            chunk.forEach(
                entry -> {
                  LastDelivered delivered = DestinationState.delivered(entry.state());
                  if (delivered.isMember()) {
                    counts[0]++;
                    counts[1] += delivered.isUnder(mappings) ? 0 : 1;
                  }
                }));
    Optional<Instant> ended =
        last.endedAt().or(() -> counts[1] == 0 ? Optional.of(last.askedAt()) : Optional.empty());
    return new ResendStatus(
        Optional.of(last.askedAt()),
        last.audience(),
        ended.isPresent() ? ResendStatus.Stage.ENDED : ResendStatus.Stage.WAITING,
        last.endedAt(),
        Optional.of(counts[0]),
        Optional.of(counts[1]));
  }

  private Path folder() {
    return StateStores.directory(properties).resolve(FOLDER);
  }

  private void leave(String destination, Optional<AudienceRef> audience) {
    try {
      Files.createDirectories(folder());
      Path unfinished = folder().resolve(destination + ".new");
      Files.writeString(
          unfinished, audience.map(one -> one.namespace() + "\n" + one.id() + "\n").orElse("\n\n"));
      Files.move(
          unfinished,
          folder().resolve(destination + ENDING),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new StateStoreException(
          "state store: the request cannot be left in " + folder() + " (" + e.getMessage() + ")",
          e);
    }
  }

  /** What can be told while another process has the store open: its documents are files. */
  private ResendStatus statusOfRunning(String destination) {
    Path request = folder().resolve(destination + ENDING);
    Path document = StateStores.directory(properties).resolve(destination).resolve("mappings.json");
    try {
      if (Files.exists(request)) {
        return ResendStatus.handedOver(Optional.empty());
      }
      MappingRecord record =
          MappingRecord.of(
              Files.exists(document)
                  ? Optional.of(Files.readAllBytes(document))
                  : Optional.empty());
      return record
          .resend()
          .map(
              last ->
                  new ResendStatus(
                      Optional.of(last.askedAt()),
                      last.audience(),
                      last.endedAt().isPresent()
                          ? ResendStatus.Stage.ENDED
                          : ResendStatus.Stage.WAITING,
                      last.endedAt(),
                      Optional.empty(),
                      Optional.empty()))
          .orElse(ResendStatus.NEVER_ASKED);
    } catch (IOException e) {
      throw new StateStoreException("state store: " + document + " cannot be read", e);
    }
  }

  /** Takes the requests that other processes have left; called by the one that has the store. */
  void take(States states) {
    Path folder = folder();
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> requests = Files.newDirectoryStream(folder, "*" + ENDING)) {
      for (Path request : requests) {
        take(request, states);
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.warn("requests in {} cannot be read ({})", folder, e.getMessage());
    }
  }

  private static void take(Path request, States states) throws IOException {
    String name = request.getFileName().toString();
    String destination = name.substring(0, name.length() - ENDING.length());
    List<String> lines = Files.readAllLines(request);
    Optional<AudienceRef> audience =
        lines.size() < 2 || lines.get(1).isEmpty()
            ? Optional.empty()
            : Optional.of(new AudienceRef(lines.get(0), lines.get(1)));
    Optional<DestinationState> state = states.known(destination);
    if (state.isPresent()) {
      state.get().change(record -> record.resending(audience, state.get().now()));
      LOG.info(
          "{}: the members of {} are sent again with the next input",
          destination,
          audience.map(AudienceRef::toString).orElse("all audiences"));
    } else {
      LOG.warn("{}: was to send its members again, but there is no such destination", destination);
    }
    Files.delete(request);
  }
}
