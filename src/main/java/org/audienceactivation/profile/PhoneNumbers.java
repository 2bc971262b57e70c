package org.audienceactivation.profile;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Brings telephone numbers into the form E.164. Who hashes numbers and who compares them must read
 * them alike, so both do it here.
 */
public final class PhoneNumbers {

  /** For numbers that name their country. */
  static final String NO_REGION = "ZZ";

  private static final Pattern PLAIN = Pattern.compile("\\+[0-9][0-9 ().-]*");
  private static final Pattern NO_DIGITS = Pattern.compile("[^0-9]");
  private static final String TRUNK_PREFIX = "(0)";
  private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();

  private PhoneNumbers() {}

  static boolean isRegion(String region) {
    return NUMBERS.getSupportedRegions().contains(region);
  }

  /** Empty if the text is no possible number. */
  static Optional<String> e164(String text, String region) {
    try {
      PhoneNumber number = NUMBERS.parse(text, region);
      return NUMBERS.isPossibleNumber(number)
          ? Optional.of(NUMBERS.format(number, PhoneNumberFormat.E164))
          : Optional.empty();
    } catch (NumberParseException e) {
      return Optional.empty();
    }
  }

  /**
   * Every form in which somebody may have hashed the number: its digits as they stand, and E.164.
   * None if that cannot be told: it names no country, or it is more than a plus sign, digits and
   * what separates them (an extension, letters, a trunk prefix in brackets).
   */
  public static Set<String> formsOf(String text) {
    String number = text.strip();
    if (!PLAIN.matcher(number).matches() || number.contains(TRUNK_PREFIX)) {
      return Set.of();
    }
    Set<String> forms = new LinkedHashSet<>();
    forms.add("+" + NO_DIGITS.matcher(number).replaceAll(""));
    e164(number, NO_REGION).ifPresent(forms::add);
    return forms;
  }
}
