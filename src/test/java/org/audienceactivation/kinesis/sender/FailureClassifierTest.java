package org.audienceactivation.kinesis.sender;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import org.audienceactivation.kinesis.ScriptedKinesis;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sts.model.StsException;

class FailureClassifierTest {

  @Nested
  class One_record_in_an_answer {

    @ParameterizedTest
    @CsvSource({
      "ProvisionedThroughputExceededException, RETRY",
      "InternalFailure, RETRY",
      "ServiceUnavailable, RETRY",
      "KMSThrottlingException, RETRY",
      "KMSAccessDeniedException, RETRY_AND_CALL_FOR_HELP",
      "KMSDisabledException, RETRY_AND_CALL_FOR_HELP",
      "ResourceNotFoundException, RETRY_AND_CALL_FOR_HELP",
      "ValidationException, REFUSE",
      "InvalidArgumentException, REFUSE",
      "WhateverComesNext, REFUSE"
    })
    void is_treated_by_its_code(String code, Treatment treatment) {
      assertThat(FailureClassifier.ofRecord(new Failure(code, "m", 0, Optional.empty())))
          .isEqualTo(treatment);
    }
  }

  @Nested
  class A_whole_call {

    @ParameterizedTest
    @CsvSource({
      "400, ProvisionedThroughputExceededException, RETRY",
      "400, LimitExceededException, RETRY",
      "400, ThrottlingException, RETRY",
      "429, Whatever, RETRY",
      "400, KMSThrottlingException, RETRY",
      "500, InternalFailure, RETRY",
      "503, ServiceUnavailable, RETRY",
      "599, Strange, RETRY",
      "400, ExpiredTokenException, RETRY_AND_CALL_FOR_HELP",
      "400, UnrecognizedClientException, RETRY_AND_CALL_FOR_HELP",
      "400, AccessDeniedException, RETRY_AND_CALL_FOR_HELP",
      "403, InvalidSignatureException, RETRY_AND_CALL_FOR_HELP",
      "403, Whatever, RETRY_AND_CALL_FOR_HELP",
      "400, ResourceNotFoundException, RETRY_AND_CALL_FOR_HELP",
      "400, ResourceInUseException, RETRY_AND_CALL_FOR_HELP",
      "400, KMSNotFoundException, RETRY_AND_CALL_FOR_HELP",
      "400, SomethingNew, RETRY_AND_CALL_FOR_HELP",
      "400, ValidationException, BISECT",
      "400, InvalidArgumentException, BISECT",
      "400, SerializationException, BISECT",
      "413, Whatever, BISECT"
    })
    void is_treated_by_what_kinesis_says(int status, String code, Treatment treatment) {
      assertThat(ofCall(ScriptedKinesis.error(status, code, "m"))).isEqualTo(treatment);
    }

    @Test
    void that_does_not_reach_kinesis_is_sent_again() {
      assertThat(
              ofCall(
                  SdkClientException.create("Unable to execute HTTP request", new IOException())))
          .isEqualTo(Treatment.RETRY);
    }

    @Test
    void without_credentials_needs_help() {
      assertThat(
              ofCall(
                  SdkClientException.create(
                      "Unable to load credentials from any of the providers")))
          .isEqualTo(Treatment.RETRY_AND_CALL_FOR_HELP);
    }

    @Test
    void for_which_sts_gives_no_role_is_not_the_fault_of_a_record() {
      Throwable failure =
          StsException.builder()
              .statusCode(400)
              .awsErrorDetails(ScriptedKinesis.details("ValidationError", "roleArn is wrong"))
              .build();

      assertThat(ofCall(failure)).isEqualTo(Treatment.RETRY_AND_CALL_FOR_HELP);
    }

    @Test
    void whose_stream_name_is_refused_is_not_the_fault_of_a_record() {
      assertThat(
              ofCall(
                  ScriptedKinesis.error(
                      400, "ValidationException", "Value 'x' at 'streamName' failed to satisfy")))
          .isEqualTo(Treatment.RETRY_AND_CALL_FOR_HELP);
    }

    @Test
    void that_ends_in_what_nobody_foresaw_is_a_surprise() {
      assertThat(ofCall(new IllegalStateException("Connection pool shut down")))
          .isEqualTo(Treatment.SURPRISE);
      assertThat(ofCall(new OutOfMemoryError())).isEqualTo(Treatment.SURPRISE);
    }
  }

  private static Treatment ofCall(Throwable thrown) {
    return FailureClassifier.ofCall(Failure.of(thrown));
  }
}
