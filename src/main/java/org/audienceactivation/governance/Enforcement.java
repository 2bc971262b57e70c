package org.audienceactivation.governance;

/** What it means for a destination that a policy forbids something that it would send. */
public enum Enforcement {
  /** The configuration is refused: nothing goes there until somebody has put it right. */
  BLOCK,
  /** The smallest part that makes the policy satisfied is left out of every event. */
  STRIP,
  /** Everything is sent; what stripping would leave out is counted. */
  AUDIT
}
