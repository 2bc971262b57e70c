package org.audienceactivation.route;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.audienceactivation.TestHome;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** A queue that speaks SQS over HTTP, with a redrive policy. */
public final class ElasticMq implements TestQueue {
  /** How long a message stays invisible unless that is extended, in seconds. */
  public static final int VISIBILITY = 3;

  private static final int ATTEMPTS = 2;
  private static final int LARGE = 20 * 1024;

  private final SQSRestServer server;
  private final String endpoint;
  private final SqsClient client;
  private final String url;
  private final String poison;

  private ElasticMq(SQSRestServer server, String queue) {
    this.server = server;
    this.endpoint = "http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort();
    this.client =
        SqsClient.builder()
            .endpointOverride(URI.create(endpoint))
            .region(Region.EU_WEST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .build();
    boolean isFifo = queue.endsWith(".fifo");
    this.poison = create(isFifo ? "poison.fifo" : "poison", fifo(isFifo));
    String arn =
        client
            .getQueueAttributes(
                request -> request.queueUrl(poison).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .get(QueueAttributeName.QUEUE_ARN);
    Map<QueueAttributeName, String> attributes = new java.util.HashMap<>(fifo(isFifo));
    attributes.put(
        QueueAttributeName.REDRIVE_POLICY,
        "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}".formatted(arn, ATTEMPTS));
    this.url = create(queue, attributes);
  }

  private static Map<QueueAttributeName, String> fifo(boolean isFifo) {
    return isFifo
        ? Map.of(
            QueueAttributeName.FIFO_QUEUE,
            "true",
            QueueAttributeName.CONTENT_BASED_DEDUPLICATION,
            "true")
        : Map.of();
  }

  private String create(String name, Map<QueueAttributeName, String> attributes) {
    return client.createQueue(request -> request.queueName(name).attributes(attributes)).queueUrl();
  }

  public static ElasticMq start() {
    return startWith("profiles");
  }

  /** With a queue of this name. */
  static ElasticMq startWith(String queue) {
    return new ElasticMq(
        SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start(), queue);
  }

  String url() {
    return url;
  }

  String endpoint() {
    return endpoint;
  }

  @Override
  public void feed(TestHome home) {
    home.setting("files.enabled", "false")
        .setting("sqs.enabled", "true")
        .setting("sqs.endpoint", endpoint)
        .setting("sqs.region", "eu-west-1")
        .setting("sqs.visibilitySeconds", Integer.toString(VISIBILITY));
  }

  @Override
  public List<String> jvmOptions() {
    return List.of("-Daws.accessKeyId=local", "-Daws.secretAccessKey=local");
  }

  @Override
  public void send(List<String> bodies) {
    List<SendMessageBatchRequestEntry> some = new ArrayList<>();
    for (String body : bodies) {
      some.add(
          SendMessageBatchRequestEntry.builder()
              .id(Integer.toString(some.size()))
              .messageBody(body)
              .build());
      if (some.size() == 10 || body.length() > LARGE) {
        send(some, url);
        some.clear();
      }
    }
    if (!some.isEmpty()) {
      send(some, url);
    }
  }

  private void send(List<SendMessageBatchRequestEntry> entries, String to) {
    List<SendMessageBatchRequestEntry> copy = List.copyOf(entries);
    var answer = client.sendMessageBatch(request -> request.queueUrl(to).entries(copy));
    if (!answer.failed().isEmpty()) {
      throw new IllegalStateException(answer.failed().toString());
    }
  }

  /** One message of a group of a FIFO queue. */
  void sendInGroup(String group, String body) {
    client.sendMessage(request -> request.queueUrl(url).messageGroupId(group).messageBody(body));
  }

  /** Makes a queue with one message. */
  void sendToNew(String queue, String body) {
    String later = create(queue, Map.of());
    client.sendMessage(request -> request.queueUrl(later).messageBody(body));
  }

  void sendNamed(String source, String body) {
    MessageAttributeValue name =
        MessageAttributeValue.builder().dataType("String").stringValue(source).build();
    client.sendMessage(
        request ->
            request
                .queueUrl(url)
                .messageBody(body)
                .messageAttributes(Map.of(Messages.SOURCE, name)));
  }

  @Override
  public long left() {
    return visible() + invisible();
  }

  long visible() {
    return count(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
  }

  long invisible() {
    return count(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
  }

  @Override
  public long poison() {
    return count(poison, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
  }

  private long count(String queue, QueueAttributeName attribute) {
    return Long.parseLong(
        client
            .getQueueAttributes(request -> request.queueUrl(queue).attributeNames(attribute))
            .attributes()
            .get(attribute));
  }

  @Override
  public void close() {
    client.close();
    Object unused = server.stopAndWait();
  }
}
