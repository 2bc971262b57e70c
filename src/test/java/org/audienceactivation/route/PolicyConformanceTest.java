package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.audienceactivation.TestHome;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.Problem;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.governance.Enforcement;
import org.audienceactivation.governance.PolicyTexts;
import org.audienceactivation.governance.Verdict;
import org.audienceactivation.governance.Withheld;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table {@code governance/conformance.md}, row by row, through the files of a home. */
class PolicyConformanceTest {

  private static final Pattern BLOCKED = Pattern.compile("policy (\\S+) \\(");

  @TempDir Path folder;

  /** One row of the table. */
  record Case(String name, String labels, String policies, String destination, String decision) {
    @Override
    public String toString() {
      return name + ": " + decision;
    }
  }

  static List<Case> cases() throws IOException {
    try (InputStream table =
        PolicyConformanceTest.class.getResourceAsStream("/governance/conformance.md")) {
      return new String(table.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("| ") && !line.startsWith("| case |"))
          .map(PolicyConformanceTest::row)
          .toList();
    }
  }

  private static Case row(String line) {
    List<String> cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
    assertThat(cells).as(line).hasSize(7);
    return new Case(cells.get(1), cells.get(2), cells.get(3), cells.get(4), cells.get(5));
  }

  @Test
  void the_table_has_many_cases_and_each_but_once() throws IOException {
    assertThat(cases()).hasSizeGreaterThan(80).extracting(Case::name).doesNotHaveDuplicates();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void the_table_says_so(Case row) {
    if (row.decision().startsWith("refused ")) {
      assertThat(decision(row)).startsWith(row.decision());
    } else {
      assertThat(decision(row)).isEqualTo(row.decision());
    }
  }

  private String decision(Case row) {
    Checked<HomeConfiguration> read = HomeConfiguration.read(home(row).home(), text -> text);
    return read.toOptional().map(PolicyConformanceTest::decision).orElseGet(() -> refused(read));
  }

  private TestHome home(Case row) {
    TestHome home = TestHome.shippedIn(folder).without("destinations/prospects.yaml");
    String enabled = "enabled: ";
    String core =
        row.policies().startsWith(enabled)
            ? ", enabledCorePolicies: [" + row.policies().substring(enabled.length()) + "]"
            : "";
    home.write("governance/labels.yaml", "{labels: {" + row.labels() + "}" + core + "}");
    if (core.isEmpty() && !row.policies().equals("none")) {
      home.write("governance/policies.json", PolicyTexts.list(row.policies().split(";", -1)));
    }
    String audiences = row.destination().contains("audiences:") ? "" : ", audiences: [{id: A}]";
    return home.destination(
        "one", "{stream: {name: s, region: r}, " + row.destination() + audiences + "}");
  }

  private static String refused(Checked<HomeConfiguration> read) {
    String blocking =
        read.problems().stream()
            .map(problem -> BLOCKED.matcher(problem.message()))
            .filter(Matcher::find)
            .map(found -> found.group(1))
            .collect(Collectors.joining(", "));
    return blocking.isEmpty() ? refused(read.problems().get(0)) : "blocked by " + blocking;
  }

  /** Without the place in the file with which it may begin. */
  private static String refused(Problem first) {
    String message = first.message();
    return "refused " + message.replaceFirst("^(labels|marketingActions|attributes)\\S*: ", "");
  }

  private static String decision(HomeConfiguration configuration) {
    Destination destination = configuration.destinations().get(0);
    Verdict verdict = configuration.rules().judge(destination.outgoing());
    String leftOut = parts(DestinationPlan.enforced(destination, verdict).parts());
    String audited =
        destination.enforcement() == Enforcement.AUDIT
            ? verdict.violations().stream()
                .flatMap(violation -> violation.leftOut().stream())
                .map(Object::toString)
                .collect(Collectors.joining(", "))
            : "";
    if (!leftOut.isEmpty()) {
      return "leaves out " + leftOut;
    }
    return audited.isEmpty() ? "allowed" : "audits " + audited;
  }

  private static String parts(List<Withheld> withheld) {
    return withheld.stream()
        .map(one -> one.part().toString())
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
