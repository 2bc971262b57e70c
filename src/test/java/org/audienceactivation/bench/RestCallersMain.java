package org.audienceactivation.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Scanner;
import java.util.stream.Stream;

/**
 * Those who call the REST source, in a process of their own: each call posts one profile, over a
 * connection that stays. For each line of its standard input, with how many calls and how many of
 * them a second, it makes these calls and prints the {@link Latencies} as JSON. Arguments: where to
 * call; a file of profiles.
 */
final class RestCallersMain {

  /** Kept in memory and sent again and again. */
  private static final int IN_MEMORY = 50_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI address;
  private final List<byte[]> profiles;

  private RestCallersMain(URI address, List<byte[]> profiles) {
    this.address = address;
    this.profiles = profiles;
  }

  public static void main(String[] args) throws Exception {
    RestCallersMain rest = new RestCallersMain(URI.create(args[0]), profiles(Path.of(args[1])));
    Scanner numbers = new Scanner(System.in, StandardCharsets.UTF_8);
    try (Callers callers = new Callers(rest::post)) {
      while (numbers.hasNextInt()) {
        Latencies latencies = callers.call(numbers.nextInt(), numbers.nextInt());
        System.out.println(JSON.writeValueAsString(latencies));
        System.out.flush();
      }
    }
    System.exit(0);
  }

  private static List<byte[]> profiles(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> !line.isBlank())
          .limit(IN_MEMORY)
          .map(line -> line.getBytes(StandardCharsets.UTF_8))
          .toList();
    }
  }

  private void post(int number) throws IOException, InterruptedException {
    byte[] profile = profiles.get(number % profiles.size());
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(profile))
                .build(),
            BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
  }
}
