package org.audienceactivation.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/**
 * The permission check of the destination that we reproduce (domain.md §1.3), each action by
 * itself. That {@code ListStreams} alone is denied is no failure: IAM cannot scope it to a stream,
 * so many policies do not grant it, and delivery does not need it.
 */
final class StreamCheck {
  private static final String PROBE_KEY = "audience-activation-probe";
  private static final SdkBytes PROBE =
      SdkBytes.fromString("{\"audienceActivationProbe\":true}", StandardCharsets.UTF_8);

  /** How one thing stands. */
  enum Status {
    OK,
    FAILED,
    /** Not as it could be, but delivery works without. */
    WARNING,
    NOT_TESTED
  }

  /** One line of the check. */
  record Finding(Status status, String what, String detail) {
    boolean isFailure() {
      return status == Status.FAILED;
    }

    @Override
    public String toString() {
      String label = status.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      return String.format(
          Locale.ROOT, "%-10s  %s%s", label, what, detail.isEmpty() ? "" : ": " + detail);
    }
  }

  private final KinesisClient client;
  private final String stream;

  StreamCheck(KinesisClient client, String stream) {
    this.client = client;
    this.stream = stream;
  }

  List<Finding> run(boolean writeProbe) {
    List<Finding> findings = new ArrayList<>();
    findings.add(listStreams());
    findings.add(streamStatus());
    if (!writeProbe) {
      String why = "would write to the stream; give --write-probe to test it";
      findings.add(new Finding(Status.NOT_TESTED, "kinesis:PutRecord", why));
      findings.add(new Finding(Status.NOT_TESTED, "kinesis:PutRecords", why));
      return findings;
    }
    findings.add(
        tried(
            "kinesis:PutRecord",
            () -> {
              client.putRecord(put -> put.streamName(stream).partitionKey(PROBE_KEY).data(PROBE));
              return new Finding(Status.OK, "kinesis:PutRecord", "a probe record was written");
            }));
    findings.add(tried("kinesis:PutRecords", this::putRecords));
    return findings;
  }

  private Finding listStreams() {
    try {
      client.listStreams(list -> list.limit(1));
      return new Finding(Status.OK, "kinesis:ListStreams", "");
    } catch (AwsServiceException e) {
      if (isDenied(e)) {
        return new Finding(
            Status.WARNING,
            "kinesis:ListStreams",
            "denied; delivery works without, and IAM grants it only for Resource \"*\"");
      }
      return failed("kinesis:ListStreams", e);
    } catch (SdkException e) {
      return failed("kinesis:ListStreams", e);
    }
  }

  private Finding streamStatus() {
    String what = "stream " + stream;
    try {
      StreamStatus status =
          client
              .describeStreamSummary(describe -> describe.streamName(stream))
              .streamDescriptionSummary()
              .streamStatus();
      boolean takesRecords = status == StreamStatus.ACTIVE || status == StreamStatus.UPDATING;
      return new Finding(takesRecords ? Status.OK : Status.FAILED, what, "is " + status);
    } catch (ResourceNotFoundException e) {
      return new Finding(
          Status.FAILED, what, "does not exist in this account and region; create it first");
    } catch (AwsServiceException e) {
      return isDenied(e) ? statusFromTheList(what) : failed(what, e);
    } catch (SdkException e) {
      return failed(what, e);
    }
  }

  /** DescribeStreamSummary is not among the documented permissions, so it may be denied. */
  private Finding statusFromTheList(String what) {
    String unknown = "whether it is ACTIVE is not known, kinesis:DescribeStreamSummary is denied";
    try {
      Optional<String> found =
          client.listStreamsPaginator().streamNames().stream().filter(stream::equals).findFirst();
      return found.isPresent()
          ? new Finding(Status.OK, what, "exists; " + unknown)
          : new Finding(
              Status.FAILED, what, "does not exist in this account and region; create it first");
    } catch (SdkException e) {
      return new Finding(
          Status.NOT_TESTED, what, unknown + ", and the streams cannot be listed either");
    }
  }

  private Finding putRecords() {
    PutRecordsResponse response =
        client.putRecords(
            put ->
                put.streamName(stream)
                    .records(
                        PutRecordsRequestEntry.builder()
                            .partitionKey(PROBE_KEY)
                            .data(PROBE)
                            .build()));
    if (response.failedRecordCount() > 0) {
      return new Finding(
          Status.FAILED, "kinesis:PutRecords", response.records().get(0).errorCode());
    }
    return new Finding(Status.OK, "kinesis:PutRecords", "a probe record was written");
  }

  private static Finding tried(String what, Supplier<Finding> call) {
    try {
      return call.get();
    } catch (SdkException e) {
      return failed(what, e);
    }
  }

  private static Finding failed(String what, SdkException e) {
    if (e instanceof AwsServiceException service) {
      String code = errorCode(service).map(text -> text + ", ").orElse("");
      String failed = isDenied(service) ? "denied (" : "failed (";
      return new Finding(Status.FAILED, what, failed + code + "HTTP " + service.statusCode() + ")");
    }
    return new Finding(Status.FAILED, what, e.getMessage());
  }

  private static boolean isDenied(AwsServiceException e) {
    return errorCode(e).filter(code -> code.startsWith("AccessDenied")).isPresent();
  }

  /** Empty for an answer that is none of AWS's, such as a proxy's. */
  private static Optional<String> errorCode(AwsServiceException e) {
    return Optional.ofNullable(e.awsErrorDetails()).map(AwsErrorDetails::errorCode);
  }
}
