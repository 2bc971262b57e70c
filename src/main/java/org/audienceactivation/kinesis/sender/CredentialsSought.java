package org.audienceactivation.kinesis.sender;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.audienceactivation.kinesis.sender.Credentials.Role;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;

/**
 * Where credentials were looked for in vain, in a line that an operator can act on: the SDK lists
 * each provider with all its settings, and names no file.
 */
final class CredentialsSought {

  /** What providers of the chain say that were not asked to do anything. */
  private static final List<String> NOT_IN_USE =
      List.of(
          "Unable to load credentials from system settings",
          "Either the environment variable AWS_WEB_IDENTITY_TOKEN_FILE",
          "Profile file contained no credentials",
          "Cannot fetch credentials from container - neither",
          "IMDS credentials have been disabled",
          "Failed to load credentials from IMDS");

  private static final Pattern LIST_OF_PROVIDERS =
      Pattern.compile("(?s)^.*?\\]\\) : \\[(.*?)\\]?$");
  private static final Pattern NEXT_PROVIDER = Pattern.compile(", (?=\\w+Provider\\()");
  private static final Pattern SETTINGS = Pattern.compile("CredentialsProvider\\(.*?\\): ");

  private CredentialsSought() {}

  /** Of the SDK's default chain. */
  static CredentialsUnavailable inTheDefaultChain(RuntimeException failure) {
    String said = String.valueOf(failure.getMessage());
    Matcher list = LIST_OF_PROVIDERS.matcher(said);
    String troubles =
        list.matches()
            ? NEXT_PROVIDER
                .splitAsStream(list.group(1))
                .filter(one -> NOT_IN_USE.stream().noneMatch(one::contains))
                .map(one -> "; " + SETTINGS.matcher(one).replaceFirst(": "))
                .collect(Collectors.joining())
            : "; " + Failure.of(failure).message();
    return new CredentialsUnavailable(
        "no credentials: the SDK's default chain found none in system properties (aws.accessKeyId), environment (AWS_ACCESS_KEY_ID), web identity, AWS profile (%s), container and EC2 instance%s"
            .formatted(files(), troubles),
        failure);
  }

  /** Of one profile. */
  static UnaryOperator<RuntimeException> inProfile(String name) {
    return failure -> {
      String said = Failure.of(failure).message();
      String trouble = said.startsWith("Profile file contained no credentials") ? "" : ": " + said;
      return new CredentialsUnavailable(
          "no credentials from AWS profile '%s' (%s)%s".formatted(name, files(), trouble), failure);
    };
  }

  /** Of a role that STS was asked for. */
  static CredentialsUnavailable withRole(Role role, RuntimeException failure) {
    return new CredentialsUnavailable(
        "STS, for role %s: %s".formatted(role.arn(), Failure.of(failure).message()), failure);
  }

  private static String files() {
    return file(ProfileFileSystemSetting.AWS_SHARED_CREDENTIALS_FILE, "credentials")
        + " and "
        + file(ProfileFileSystemSetting.AWS_CONFIG_FILE, "config");
  }

  private static String file(ProfileFileSystemSetting setting, String usualName) {
    return setting
        .getStringValue()
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".aws", usualName).toString());
  }
}
