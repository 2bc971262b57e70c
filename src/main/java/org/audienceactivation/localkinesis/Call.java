package org.audienceactivation.localkinesis;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/**
 * One request, complete and bounded in size.
 *
 * @param region the region that the caller signed for: streams of different regions are different
 *     streams
 * @param body holds the request in its first {@code length} bytes; nobody changes it
 * @param fate what is to happen to it that is not its own fault
 */
@SuppressWarnings("ArrayRecordComponent") // calls are never compared
record Call(Action action, WireFormat format, String region, byte[] body, int length, Fate fate) {

  JsonParser parser() throws IOException {
    return format.parser(body, length);
  }
}
