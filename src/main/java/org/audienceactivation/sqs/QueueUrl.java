package org.audienceactivation.sqs;

import software.amazon.awssdk.services.sqs.SqsClient;

/** The URL of a queue, asked for by its name when it is first needed. Thread-safe. */
final class QueueUrl {
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
      url = client.getQueueUrl(request -> request.queueName(queue)).queueUrl();
    }
    return url;
  }
}
