package org.audienceactivation.kinesis.sender;

import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * A client has no credentials to sign with; says who was asked for them. The cause is what the SDK
 * or the service that was asked (STS, for a role) said, and decides how the failure is treated.
 */
final class CredentialsUnavailable extends SdkClientException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message safe to show
   */
  CredentialsUnavailable(String message, RuntimeException cause) {
    super(SdkClientException.builder().message(message).cause(cause));
  }
}
