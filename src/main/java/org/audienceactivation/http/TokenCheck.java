package org.audienceactivation.http;

/**
 * Decides whether the bearer of a token may call, for example by its signature and claims. A bean
 * of this type is the place for OpenID Connect.
 */
@FunctionalInterface
public interface TokenCheck {

  /**
   * Whether a caller with this token is let in. May block, but not for longer than a caller should
   * wait; called by several threads. What is thrown counts as no.
   *
   * @param token what follows {@code Bearer} in the header {@code Authorization}
   */
  boolean accepts(String token);
}
