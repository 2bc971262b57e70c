package org.audienceactivation.governance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Policies in the short form of the conformance table, as JSON of the policy API. */
public final class PolicyTexts {

  private static final String REFERENCE =
      "\"https://platform.adobe.io/data/foundation/dulepolicy/marketingActions/core/%s\"";

  private PolicyTexts() {}

  /** A list of the API with these policies, which are called p1, p2 and so on. */
  public static String list(String... texts) {
    List<String> policies = new ArrayList<>();
    for (String text : texts) {
      policies.add(json("p" + (policies.size() + 1), text.strip()));
    }
    return "{\"_page\":{\"count\":%d},\"children\":[%s]}"
        .formatted(policies.size(), String.join(",\n", policies));
  }

  /** {@code [STATUS] EXPRESSION for ACTION, ACTION}. */
  static String json(String id, String text) {
    String status =
        text.startsWith("DRAFT ") || text.startsWith("DISABLED ")
            ? text.substring(0, text.indexOf(' '))
            : "ENABLED";
    String rest = text.startsWith(status) ? text.substring(status.length() + 1) : text;
    String[] parts = rest.split(" for ", 2);
    String actions =
        Arrays.stream(parts[1].split(",", -1))
            .map(action -> REFERENCE.formatted(action.strip()))
            .collect(Collectors.joining(","));
    return """
        {"id":"%s","name":"%s","status":"%s","marketingActionRefs":[%s],"deny":%s}"""
        .formatted(id, text, status, actions, new Expression(parts[0].strip()).read());
  }

  /** Labels, AND, OR and parentheses; one operator a level. */
  private static final class Expression {
    private final String[] tokens;
    private int at;

    Expression(String text) {
      tokens = text.replace("(", "( ").replace(")", " )").split("\\s+", -1);
    }

    String read() {
      String operator = "";
      StringBuilder operands = new StringBuilder(operand());
      while (at < tokens.length && !tokens[at].equals(")")) {
        operator = tokens[at++];
        operands.append(',').append(operand());
      }
      return operator.isEmpty()
          ? operands.toString()
          : "{\"operator\":\"%s\",\"operands\":[%s]}".formatted(operator, operands);
    }

    private String operand() {
      if (!tokens[at].equals("(")) {
        return "{\"label\":\"%s\"}".formatted(tokens[at++]);
      }
      at++;
      String inner = read();
      at++;
      return inner;
    }
  }
}
