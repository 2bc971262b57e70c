package org.audienceactivation.kinesis.sender;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnknownHostException;
import java.util.Optional;
import org.audienceactivation.kinesis.ScriptedKinesis;
import org.audienceactivation.kinesis.sender.Credentials.DefaultChain;
import org.audienceactivation.kinesis.sender.Credentials.Role;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sts.model.StsException;

/** What a failure tells the operator. */
class FailureTest {

  @Nested
  class A_call_that_does_not_reach_its_host {

    @Test
    void names_a_host_that_is_not_known() {
      Throwable thrown =
          SdkClientException.create(
              "Received an UnknownHostException when attempting to interact with a service.",
              SdkClientException.create(
                  "Unable to execute HTTP request",
                  new UnknownHostException("kinesis.nowhere.amazonaws.com")));

      assertThat(Failure.of(thrown).message())
          .isEqualTo("UnknownHostException: kinesis.nowhere.amazonaws.com");
    }

    @Test
    void adds_the_cause_that_its_message_keeps_to_itself() {
      assertThat(
              Failure.of(SdkClientException.create("it failed", new IllegalStateException("why")))
                  .message())
          .isEqualTo("it failed; the cause is IllegalStateException: why");
      assertThat(
              Failure.of(SdkClientException.create("it failed: why", new RuntimeException("why")))
                  .message())
          .isEqualTo("it failed: why");
    }
  }

  @Nested
  class A_role_that_is_not_given {

    private final Role role =
        new Role("arn:r", Optional.of("ext-secret"), "s", new DefaultChain(), Optional.empty());

    @Test
    void is_said_of_sts_and_judged_by_what_sts_says() {
      Failure failure =
          Failure.of(
              CredentialsSought.withRole(
                  role,
                  (RuntimeException)
                      StsException.builder()
                          .statusCode(403)
                          .awsErrorDetails(ScriptedKinesis.details("AccessDenied", "not trusted"))
                          .build()));

      assertThat(failure.code()).isEqualTo("AccessDenied");
      assertThat(failure.message()).isEqualTo("STS, for role arn:r: not trusted");
      assertThat(FailureClassifier.ofCall(failure)).isEqualTo(Treatment.RETRY_AND_CALL_FOR_HELP);
    }

    @Test
    void is_said_of_sts_where_sts_is_not_reached() {
      Failure failure =
          Failure.of(
              CredentialsSought.withRole(
                  role,
                  SdkClientException.create("it failed", new UnknownHostException("sts.nowhere"))));

      assertThat(failure.message())
          .isEqualTo("STS, for role arn:r: UnknownHostException: sts.nowhere");
      assertThat(FailureClassifier.ofCall(failure)).isEqualTo(Treatment.RETRY);
    }
  }

  @Nested
  class The_default_chain {

    private static final String NOTHING_SET =
        "Unable to load credentials from any of the providers in the chain"
            + " AwsCredentialsProviderChain(credentialsProviders=[SystemPropertyCredentialsProvider(),"
            + " ProfileCredentialsProvider(profileName=default, profileFile=ProfileFile(sections=[]))])"
            + " : [SystemPropertyCredentialsProvider(): Unable to load credentials from system"
            + " settings. Access key must be specified., ProfileCredentialsProvider(profileName=default,"
            + " profileFile=ProfileFile(sections=[])): Profile file contained no credentials for"
            + " profile 'default': ProfileFile(sections=[])";

    @Test
    void says_in_few_words_where_it_has_looked() {
      Failure failure = ofTheChain(NOTHING_SET + "]");

      assertThat(failure.message())
          .startsWith("no credentials: the SDK's default chain found none in system properties")
          .endsWith("container and EC2 instance");
      assertThat(FailureClassifier.ofCall(failure)).isEqualTo(Treatment.RETRY_AND_CALL_FOR_HELP);
    }

    @Test
    void tells_the_trouble_of_a_provider_that_is_in_use() {
      assertThat(
              ofTheChain(NOTHING_SET + ", WebIdentityTokenFileCredentialsProvider(): not trusted]")
                  .message())
          .endsWith("container and EC2 instance; WebIdentityTokenFile: not trusted");
    }

    private static Failure ofTheChain(String message) {
      return Failure.of(CredentialsSought.inTheDefaultChain(SdkClientException.create(message)));
    }
  }
}
