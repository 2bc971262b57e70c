package org.audienceactivation.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.audienceactivation.flow.FlowException;
import org.audienceactivation.flow.FlowImport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code import-flow}: a flow of the vendor's as a destination file. */
@Command(
    name = "import-flow",
    description = {
      "Makes a destination file of a flow description of the vendor's Flow Service.",
      "What it cannot carry over is listed. Credentials are not copied."
    },
    mixinStandardHelpOptions = true)
final class ImportFlowCommand implements Callable<Integer> {
  private static final int MAX_BYTES = 16 * 1024 * 1024;

  @ParentCommand private AudienceActivation root;

  @Parameters(
      paramLabel = "FILE",
      description = "The flow as GET /flows answers, alone or with its connections.")
  private Path file;

  @Option(
      names = "--target",
      paramLabel = "FILE",
      description = "The target connection, if it is in a file of its own.")
  private Optional<Path> target;

  @Option(
      names = "--base",
      paramLabel = "FILE",
      description = "The base connection, if it is in a file of its own.")
  private Optional<Path> base;

  @Option(names = "--flow", paramLabel = "ID", description = "Which flow, if there are several.")
  private Optional<String> flow;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The destination's name (default: made of the flow's name).")
  private Optional<String> name;

  @Option(
      names = "--to",
      paramLabel = "FOLDER",
      description = "Where to write NAME.yaml (default: destinations/ of the home; - prints it).")
  private Optional<String> to;

  @Override
  public Integer call() throws IOException {
    if (name.isPresent() && !name.get().matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new UserMistake(
          "--name " + name.get() + ": letters, digits, dots, underscores and hyphens only");
    }
    Map<String, String> files = new LinkedHashMap<>();
    for (Optional<Path> one : List.of(Optional.of(file), target, base)) {
      if (one.isPresent()) {
        files.put(one.get().toString(), text(one.get()));
      }
    }
    FlowImport made;
    try {
      made = FlowImport.of(files, flow, name);
    } catch (FlowException e) {
      throw new UserMistake(e.getMessage());
    }
    write(made);
    if (!made.catalogue().isEmpty()) {
      System.err.println("for audiences.yaml, below \"audiences:\":");
      System.err.print(made.catalogue());
    }
    made.leftOut().forEach(one -> System.err.println("not carried over: " + one));
    return ExitStatus.OK.code();
  }

  private static String text(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new UserMistake(file + ": there is no such file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new UserMistake(file + ": is larger than 16 MiB, and no flow description");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new UserMistake(file + ": is not UTF-8 text");
    }
  }

  private void write(FlowImport made) throws IOException {
    if (to.filter("-"::equals).isPresent()) {
      System.out.print(made.yaml());
      return;
    }
    Path folder = to.map(Path::of).orElseGet(() -> root.home().directory().resolve("destinations"));
    Path written = folder.resolve(made.name() + ".yaml");
    try {
      Files.createDirectories(folder);
      Files.writeString(written, made.yaml(), StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new UserMistake(
          written + ": is there already, and left as it is; choose another --name or --to");
    }
    System.out.println(written);
  }
}
