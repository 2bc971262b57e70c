package org.audienceactivation.kinesis.sender;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.audienceactivation.kinesis.sender.KinesisClientSettings.EndpointVariant;
import org.junit.jupiter.api.Test;

class EndpointChoiceTest {

  private static final Optional<URI> ELSEWHERE = Optional.of(URI.create("http://elsewhere:1"));

  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();
  private final EndpointChoice choice = new EndpointChoice(properties::get, environment::get);

  @Test
  void a_variant_or_an_address_alone_is_a_choice() {
    assertThatCode(
            () -> {
              choice.requireOne("Kinesis", EnumSet.of(EndpointVariant.FIPS), Optional.empty());
              choice.requireOne("Kinesis", Set.of(), ELSEWHERE);
            })
        .doesNotThrowAnyException();
  }

  @Test
  void both_are_none_and_the_message_says_where_the_address_stands() {
    isBlamed("endpoint_url of the AWS profile");

    environment.put("AWS_ENDPOINT_URL", "http://elsewhere:1");
    isBlamed("the environment variable AWS_ENDPOINT_URL");

    environment.put("AWS_ENDPOINT_URL_STS", "http://elsewhere:1");
    isBlamed("the environment variable AWS_ENDPOINT_URL_STS");

    properties.put("aws.endpointUrlSts", "http://elsewhere:1");
    isBlamed("the system property aws.endpointUrlSts");
  }

  private void isBlamed(String source) {
    assertThatThrownBy(
            () -> choice.requireOne("Sts", EnumSet.allOf(EndpointVariant.class), ELSEWHERE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "dualStackEndpoint and fipsEndpoint and an endpoint of one's own exclude each other: "
                + source
                + " leads calls to http://elsewhere:1. Take one of them away");
  }
}
