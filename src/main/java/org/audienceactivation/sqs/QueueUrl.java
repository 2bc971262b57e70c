package org.audienceactivation.sqs;

import java.time.Duration;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;

/** The URL of a queue, asked for by its name when it is first needed. Thread-safe. */
final class QueueUrl {
  /** With all its retries: whoever asks cannot do anything before he knows. */
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(5);

  private final String queue;
  private final SqsClient client;
  private volatile String url;

  QueueUrl(String nameOrUrl, SqsClient client) {
    this.queue = nameOrUrl;
    this.client = client;
    this.url = nameOrUrl.contains("://") ? nameOrUrl : "";
  }

  /**
   * Asks each time until it is known.
   *
   * @throws software.amazon.awssdk.core.exception.SdkException if it cannot be found out
   */
  String get() {
    if (url.isEmpty()) {
      url = client.getQueueUrl(this::ask).queueUrl();
    }
    return url;
  }

  private void ask(GetQueueUrlRequest.Builder request) {
    request.queueName(queue).overrideConfiguration(call -> call.apiCallTimeout(ANSWERED_WITHIN));
  }
}
