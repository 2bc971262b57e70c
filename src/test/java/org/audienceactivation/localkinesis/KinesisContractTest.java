package org.audienceactivation.localkinesis;

import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;
import software.amazon.awssdk.core.SdkSystemSetting;

/** Holds our server and others to the same contract, so that ours is as honest as they are. */
class KinesisContractTest {

  private final List<AutoCloseable> started = new ArrayList<>();

  @TestFactory
  Stream<DynamicTest> local_kinesis_keeps_the_contract_in_cbor() {
    return rulesFor(ServerUnderContract.Kind.OURS, ours(), WireFormat.CBOR);
  }

  @TestFactory
  Stream<DynamicTest> local_kinesis_keeps_the_contract_in_json() {
    return rulesFor(ServerUnderContract.Kind.OURS, ours(), WireFormat.JSON);
  }

  @TestFactory
  Stream<DynamicTest> the_npm_package_kinesis_local_keeps_the_contract() throws Exception {
    KinesisLocal server;
    try {
      server = keep(KinesisLocal.start());
    } catch (TestAbortedException reason) {
      return skipped(reason);
    }
    return rulesFor(ServerUnderContract.Kind.KINESIS_LOCAL, server.endpoint(), WireFormat.CBOR);
  }

  @TestFactory
  Stream<DynamicTest> localstack_keeps_the_contract() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      return skipped(new TestAbortedException("skipped: no Docker engine answers"));
    }
    // the last release that starts without an account
    LocalStackContainer localStack =
        keep(
            new LocalStackContainer(DockerImageName.parse("localstack/localstack:4.14.0"))
                .withServices("kinesis"));
    localStack.start();
    return rulesFor(ServerUnderContract.Kind.LOCALSTACK, localStack.getEndpoint(), WireFormat.CBOR);
  }

  // as a test of its own: build tools do not show that a factory was skipped
  private static Stream<DynamicTest> skipped(TestAbortedException reason) {
    return Stream.of(
        dynamicTest(
            "all rules",
            () -> {
              throw reason;
            }));
  }

  private <T extends AutoCloseable> T keep(T server) {
    started.add(server);
    return server;
  }

  @AfterEach
  void stop_what_was_started() throws Exception {
    Collections.reverse(started);
    for (AutoCloseable server : started) {
      server.close();
    }
  }

  private URI ours() {
    return keep(LocalKinesis.start(LocalKinesisOptions.defaults())).endpoint();
  }

  private static Stream<DynamicTest> rulesFor(
      ServerUnderContract.Kind kind, URI endpoint, WireFormat format) {
    ServerUnderContract server = new ServerUnderContract(kind, endpoint, format);
    return KinesisContract.rules().stream()
        .map(rule -> dynamicTest(rule.name(), () -> check(rule, server)));
  }

  private static void check(KinesisContract.Rule rule, ServerUnderContract server)
      throws Exception {
    assumeTrue(!rule.except().contains(server.kind()), "not held here: " + rule.because());
    String property = SdkSystemSetting.CBOR_ENABLED.property();
    String before = System.setProperty(property, "" + (server.format() == WireFormat.CBOR));
    try (KinesisContract.Bench bench = new KinesisContract.Bench(server)) {
      rule.body().holds(bench);
    } finally {
      if (before == null) {
        System.clearProperty(property);
      } else {
        System.setProperty(property, before);
      }
    }
  }
}
