package org.audienceactivation.route;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;

/** A Kafka broker in this JVM that keeps its messages on the disk: what there is of a cluster. */
public final class KafkaBroker implements AutoCloseable {
  private final Properties properties;
  private final String address;
  private KafkaRaftServer server;

  private KafkaBroker(Properties properties, String address) {
    this.properties = properties;
    this.address = address;
  }

  public static KafkaBroker startIn(Path folder) throws IOException {
    String address = "127.0.0.1:" + FreePort.find();
    String controller = "127.0.0.1:" + FreePort.find();
    Properties properties = new Properties();
    properties.put("node.id", "1");
    properties.put("process.roles", "broker,controller");
    properties.put("controller.quorum.voters", "1@" + controller);
    properties.put("controller.listener.names", "CONTROLLER");
    properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    properties.put("listeners", "PLAINTEXT://" + address + ",CONTROLLER://" + controller);
    properties.put("log.dir", folder.toString());
    properties.put("auto.create.topics.enable", "false");
    properties.put("offsets.topic.num.partitions", "1");
    properties.put("offsets.topic.replication.factor", "1");
    properties.put("transaction.state.log.num.partitions", "1");
    properties.put("transaction.state.log.replication.factor", "1");
    properties.put("transaction.state.log.min.isr", "1");
    properties.put("group.initial.rebalance.delay.ms", "0");
    properties.put("group.min.session.timeout.ms", "1000");
    Files.writeString(
        folder.resolve("meta.properties"),
        "version=1\nnode.id=1\ncluster.id=AAAAAAAAAAAAAAAAAAAAAA\n");
    KafkaBroker broker = new KafkaBroker(properties, address);
    broker.start();
    return broker;
  }

  public String address() {
    return address;
  }

  public void start() {
    server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
    server.startup();
  }

  public void stop() {
    server.shutdown();
    server.awaitShutdown();
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", address));
  }

  /** A topic that takes messages when this comes back: Kafka itself says so before it does. */
  public void createTopic(String topic, int partitions) throws Exception {
    try (Admin admin = admin()) {
      admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
      Map<TopicPartition, OffsetSpec> all = new HashMap<>();
      for (int partition = 0; partition < partitions; partition++) {
        all.put(new TopicPartition(topic, partition), OffsetSpec.latest());
      }
      await()
          .ignoreExceptionsInstanceOf(ExecutionException.class)
          .until(() -> admin.listOffsets(all).all().get().size() == partitions);
    }
  }

  /** A message without a key. */
  public static ProducerRecord<byte[], byte[]> message(String topic, String body) {
    return new ProducerRecord<>(topic, null, body.getBytes(StandardCharsets.UTF_8));
  }

  /** A message of the partition that has the key. */
  public static ProducerRecord<byte[], byte[]> message(String topic, String key, String body) {
    return new ProducerRecord<>(
        topic, key.getBytes(StandardCharsets.UTF_8), body.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends the messages, and waits until the broker has them. */
  public void send(Collection<ProducerRecord<byte[], byte[]>> messages) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", address, "linger.ms", 5);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (Future<RecordMetadata> sent : messages.stream().map(producer::send).toList()) {
        sent.get();
      }
    }
  }

  /** Sends the messages in a transaction that is taken back in the end. */
  public void sendInVain(Collection<ProducerRecord<byte[], byte[]>> messages) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", address, "transactional.id", "t");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      for (Future<RecordMetadata> sent : messages.stream().map(producer::send).toList()) {
        sent.get();
      }
      producer.abortTransaction();
    }
  }

  /** How many messages of the topic the group has not committed. */
  public long left(String group, String topic) {
    try (Admin admin = admin()) {
      List<TopicPartition> partitions =
          admin
              .describeTopics(List.of(topic))
              .allTopicNames()
              .get()
              .get(topic)
              .partitions()
              .stream()
              .map(one -> new TopicPartition(topic, one.partition()))
              .toList();
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
      long end =
          admin.listOffsets(latest).all().get().values().stream()
              .mapToLong(one -> one.offset())
              .sum();
      return end - committed(admin, group, topic);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static long committed(Admin admin, String group, String topic)
      throws ExecutionException, InterruptedException {
    return admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get()
        .entrySet()
        .stream()
        .filter(entry -> entry.getKey().topic().equals(topic) && entry.getValue() != null)
        .map(Map.Entry::getValue)
        .mapToLong(OffsetAndMetadata::offset)
        .sum();
  }

  /** The ids of the group's members. */
  public List<String> members(String group) throws Exception {
    try (Admin admin = admin()) {
      return admin.describeConsumerGroups(List.of(group)).all().get().get(group).members().stream()
          .map(MemberDescription::consumerId)
          .sorted()
          .collect(Collectors.toList());
    }
  }

  @Override
  public void close() {
    try {
      stop();
    } catch (RuntimeException e) {
      throw new UncheckedIOException("the broker does not stop", new IOException(e));
    }
  }
}
