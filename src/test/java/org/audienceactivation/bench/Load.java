package org.audienceactivation.bench;

import java.net.URI;
import java.nio.file.Path;

/**
 * What a contestant is to do, and with what: handed to its JVM as JSON.
 *
 * @param endpoint the sink
 * @param profiles NDJSON, one profile a line
 * @param ownFile whether the profiles are the user's and not generated
 * @param events the events of these profiles, see {@link ReadyEvents}
 * @param records how many records a pass has: those of the file
 * @param warmUpSeconds passes are repeated for so long before the measured one, and at least one
 * @param recordsPerCall at most so many records in a call
 * @param callsInFlight the most that a sender has
 * @param workers threads that bring exchanges of 500 records, each waiting for its own
 * @param callsPerSecond by callers who bring one record each; 0 for as fast as they are answered
 * @param client which HTTP client the SDK uses where the contestant can choose
 * @param work a folder of this contestant's own
 */
record Load(
    URI endpoint,
    Path profiles,
    boolean ownFile,
    Path events,
    int records,
    int warmUpSeconds,
    int recordsPerCall,
    int callsInFlight,
    int workers,
    int callsPerSecond,
    HttpClientKind client,
    Path work) {

  Load withEndpoint(URI sink) {
    return new Load(
        sink,
        profiles,
        ownFile,
        events,
        records,
        warmUpSeconds,
        recordsPerCall,
        callsInFlight,
        workers,
        callsPerSecond,
        client,
        work);
  }

  Load withWork(Path folder) {
    return new Load(
        endpoint,
        profiles,
        ownFile,
        events,
        records,
        warmUpSeconds,
        recordsPerCall,
        callsInFlight,
        workers,
        callsPerSecond,
        client,
        folder);
  }

  Load withRecords(int count) {
    return new Load(
        endpoint,
        profiles,
        ownFile,
        events,
        count,
        warmUpSeconds,
        recordsPerCall,
        callsInFlight,
        workers,
        callsPerSecond,
        client,
        work);
  }

  Load withEvents(Path file) {
    return new Load(
        endpoint,
        profiles,
        ownFile,
        file,
        records,
        warmUpSeconds,
        recordsPerCall,
        callsInFlight,
        workers,
        callsPerSecond,
        client,
        work);
  }

  Load withProfiles(Path file) {
    return new Load(
        endpoint,
        file,
        ownFile,
        events,
        records,
        warmUpSeconds,
        recordsPerCall,
        callsInFlight,
        workers,
        callsPerSecond,
        client,
        work);
  }

  Load withCallsPerSecond(int calls) {
    return new Load(
        endpoint,
        profiles,
        ownFile,
        events,
        records,
        warmUpSeconds,
        recordsPerCall,
        callsInFlight,
        workers,
        calls,
        client,
        work);
  }
}
