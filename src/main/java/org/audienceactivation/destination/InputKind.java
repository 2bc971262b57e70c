package org.audienceactivation.destination;

/** What it means that a record does not show something of its profile. */
public enum InputKind {
  /** The record shows the profile whole: what is missing is gone. */
  SNAPSHOT,
  /** The record shows what has changed: what is missing is as it was. */
  DELTA,
  /** The record stands for a profile that a snapshot does not show any more. */
  MISSING
}
