package org.audienceactivation.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.audienceactivation.profile.Profiles.profile;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.audienceactivation.state.ProfileKey;
import org.junit.jupiter.api.Test;

/** By what a profile is known again. */
class ProfileNamingTest {

  private static Optional<ProfileKey> key(String json, String... sources) {
    ProfileNaming naming = new ProfileNaming(List.of(sources));
    return naming.of(profile(json, naming.needs()));
  }

  private static String identities(String map) {
    return "{\"_id\":\"i\",\"identityMap\":{" + map + "}}";
  }

  private static final String ECID_1 = "\"ECID\":[{\"id\":\"1\"}]";
  private static final String CRM_9 = "\"crmid\":[{\"id\":\"9\"}]";

  @Test
  void the_first_source_that_it_has_names_it() {
    assertThat(key(identities(ECID_1 + "," + CRM_9), "crmid", "ecid"))
        .isEqualTo(key(identities(CRM_9), "crmid"))
        .isNotEqualTo(key(identities(ECID_1), "crmid", "ecid"));
  }

  @Test
  void other_identities_and_the_case_of_a_namespace_do_not_matter() {
    assertThat(key(identities(ECID_1.toLowerCase(Locale.ROOT) + "," + CRM_9), "ecid"))
        .isEqualTo(key(identities(ECID_1), "ECID"));
  }

  @Test
  void an_id_in_one_namespace_is_not_the_same_id_in_another() {
    assertThat(key(identities("\"a\":[{\"id\":\"1\"}]")))
        .isNotEqualTo(key(identities("\"b\":[{\"id\":\"1\"}]")));
  }

  @Test
  void its_own_id_and_the_primary_identity_may_name_it() {
    String primary = "\"x\":[{\"id\":\"0\"},{\"id\":\"9\",\"primary\":true}]";

    assertThat(key(identities(ECID_1), "_id")).isEqualTo(key(identities(CRM_9), "_id"));
    assertThat(key(identities(ECID_1 + "," + primary), "primary"))
        .isEqualTo(key(identities("\"x\":[{\"id\":\"9\"}]"), "x"));
    assertThat(key(identities(CRM_9 + "," + ECID_1), "primary"))
        .as("without a primary one the first namespace in order")
        .isEqualTo(key(identities(ECID_1), "ecid"));
  }

  @Test
  void nobody_has_no_key() {
    assertThat(key("{\"_id\":\"i\"}", "ecid")).isEmpty();
  }
}
