package org.audienceactivation.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM that runs one of our main classes, with the class path of this one. */
final class BenchJvm implements AutoCloseable {

  private final Process process;
  private final BufferedReader out;
  private final Writer in;
  private final Path log;

  private BenchJvm(Process process, Path log) {
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    this.log = log;
  }

  /**
   * Starts it.
   *
   * @param log where its standard error goes
   */
  static BenchJvm start(Class<?> main, List<String> jvmOptions, Path log, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.add("-Daudience-activation.log.level=warn");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new BenchJvm(new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /**
   * The next line of its standard output.
   *
   * @throws IllegalStateException with the end of its log, if there is none
   */
  String readLine() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IllegalStateException("ended early; " + log + " says:\n" + endOfLog());
    }
    return line;
  }

  /** Hands a line to its standard input. */
  void writeLine(String line) throws IOException {
    in.write(line + "\n");
    in.flush();
  }

  private String endOfLog() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 25), lines.size()));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
