package org.audienceactivation.destination;

/**
 * What was last delivered of one audience.
 *
 * @param mapping the number of the mapping of the audience under which it was delivered: an
 *     audience that was unmapped and mapped again, or is to be sent again, has another one
 * @param exitedAt when an exit was delivered, in seconds of the epoch; 0 for a member
 */
record PastMembership(long mapping, long exitedAt) {

  static PastMembership member(long mapping) {
    return new PastMembership(mapping, 0);
  }

  boolean isMember() {
    return exitedAt == 0;
  }
}
