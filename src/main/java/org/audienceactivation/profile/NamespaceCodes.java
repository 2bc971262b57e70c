package org.audienceactivation.profile;

import static java.util.Map.entry;

import java.util.Locale;
import java.util.Map;

/**
 * Gives identity namespaces their codes in lower case, as exported events spell them: display names
 * ({@code Emails (SHA256, lowercased)}), ids of namespaces as URIs ({@code
 * https://data.adobe.io/entities/namespace/4}) and codes in any case. Namespaces that become one
 * are merged; of an id that both had, the first stays. Custom namespaces are only lower-cased.
 */
public final class NamespaceCodes implements Enrichment {

  private static final String ID_URI = "data.adobe.io/entities/namespace/";

  /** Standard namespaces whose display name is not simply their code. */
  private static final Map<String, String> BY_DISPLAY_NAME =
      Map.ofEntries(
          entry("adobe analytics (legacy)", "aaid"),
          entry("adobe analytics (legacy id)", "aaid"),
          entry("apple idfa", "idfa"),
          entry("apple idfa (id for apple)", "idfa"),
          entry("apple push notification service", "apns"),
          entry("experience cloud id", "ecid"),
          entry("adobe experience cloud id", "ecid"),
          entry("adobe marketing cloud id", "ecid"),
          entry("mcid", "ecid"),
          entry("emails", "email"),
          entry("email (sha256, lowercased)", "email_lc_sha256"),
          entry("emails (sha256, lowercased)", "email_lc_sha256"),
          entry("firebase cloud messaging", "fcm"),
          entry("firebase (fcm)", "fcm"),
          entry("google ad id", "gaid"),
          entry("google ad id (gaid)", "gaid"),
          entry("phone (e.164)", "phone_e.164"),
          entry("phone (sha256)", "phone_sha256"),
          entry("phone (sha256_e.164)", "phone_sha256_e.164"),
          entry("adobe target id", "tntid"),
          entry("windows aid", "waid"));

  /** The standard namespaces whose numeric ids are published. */
  private static final Map<String, String> BY_ID =
      Map.ofEntries(
          entry("0", "core"),
          entry("4", "ecid"),
          entry("6", "email"),
          entry("7", "phone"),
          entry("8", "waid"),
          entry("9", "tntid"),
          entry("10", "aaid"),
          entry("411", "adcloud"),
          entry("20914", "gaid"),
          entry("20915", "idfa"));

  @Override
  public Enriched enrich(Profile profile) {
    boolean isNormal =
        profile.identities().namespaces().stream().allMatch(n -> codeOf(n).equals(n));
    return new Enriched(
        isNormal
            ? profile
            : profile.withIdentities(profile.identities().renamed(NamespaceCodes::codeOf)),
        0);
  }

  /**
   * Whether a code is still the address of a namespace, since no code is known for its id: it may
   * be any namespace.
   */
  public static boolean isUnknownId(String code) {
    return code.contains("://") || code.contains(ID_URI);
  }

  /** Whether a code is that of a standard namespace. */
  public static boolean isStandard(String code) {
    return BY_DISPLAY_NAME.containsValue(code) || BY_ID.containsValue(code);
  }

  /** The code of a namespace, however it is spelled. */
  public static String codeOf(String namespace) {
    String name = namespace.strip().toLowerCase(Locale.ROOT);
    int uri = name.indexOf(ID_URI);
    if (uri >= 0) {
      return BY_ID.getOrDefault(name.substring(uri + ID_URI.length()), name);
    }
    return BY_DISPLAY_NAME.getOrDefault(name, name);
  }
}
