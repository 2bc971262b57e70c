package org.audienceactivation.kinesis.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

class RebuiltProviderTest {

  private final List<Provider> made = new ArrayList<>();
  private boolean there;
  private long nanos;

  private final RebuiltProvider<Provider> provider =
      new RebuiltProvider<>(
          () -> {
            made.add(new Provider(there));
            return made.get(made.size() - 1);
          },
          none -> SdkClientException.create("nowhere: " + none.getMessage(), none),
          () -> nanos);

  @Test
  void one_that_has_credentials_is_kept() {
    there = true;
    nanos = TimeUnit.HOURS.toNanos(1);
    provider.resolveCredentials();
    provider.resolveCredentials();

    assertThat(made).hasSize(2);
    assertThat(made.get(1).closed).isFalse();
  }

  @Test
  void one_that_has_none_is_made_anew_at_most_once_a_second_and_closed() {
    for (int tenth = 1; tenth <= 35; tenth++) {
      nanos = TimeUnit.MILLISECONDS.toNanos(tenth * 100L);
      assertThatThrownBy(provider::resolveCredentials).hasMessage("nowhere: no credentials");
    }

    assertThat(made).hasSize(4);
    assertThat(made.subList(0, 3)).allMatch(one -> one.closed);
    assertThat(made.get(3).closed).isFalse();
  }

  @Test
  void after_closing_none_is_made() {
    provider.close();
    nanos = TimeUnit.HOURS.toNanos(1);

    assertThatThrownBy(provider::resolveCredentials).hasMessage("nowhere: no credentials");

    assertThat(made).hasSize(1);
    assertThat(made.get(0).closed).isTrue();
  }

  private static final class Provider implements AwsCredentialsProvider, SdkAutoCloseable {
    private final boolean there;
    private boolean closed;

    Provider(boolean there) {
      this.there = there;
    }

    @Override
    public AwsCredentials resolveCredentials() {
      if (there) {
        return AwsBasicCredentials.create("a", "s");
      }
      throw SdkClientException.create("no credentials");
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
